"""Pure: where the fibre broke, from what hangs on what and who is known to be alive or down.

The answer is the least that must have failed to explain all that is down. Who is alive proves that the light comes
through, so whatever carries it has not failed for others, be it down itself. A point without evidence, such as a splice
or a feeder without a sensor, fails with what is above it; it is suspected itself only where that explains at least two
that are down, in different branches, and nothing alive speaks against it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from typing import Self

from devices.plant import Gone, Plant, members

# One that is down below a silent point is its own affair; two in different branches are the point's.
LEAST_EXPLAINED = 2


class Health(StrEnum):
    GOOD = "good"  # its own evidence says alive
    BAD = "bad"  # its own evidence says down
    UNSEEN = "unseen"  # no evidence either way


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """`root` is the topmost that failed; `above` the nearest over it that the light is known to reach.

    `above` is one id, several where a redundancy group lies between, none where nothing over the root is known to pass.
    `metres` of cable lie between `above[0]` and `root` by first parents; None where a part of that is not known.
    `explained` are all that are down because of it, the root too if it is BAD.
    """

    root: str
    above: tuple[str, ...]
    metres: float | None
    explained: frozenset[str]


def locate(plant: Plant, health: Mapping[str, Health], within: Collection[str] | None = None) -> tuple[Break, ...]:
    """The breaks that explain all that is BAD, or what of it is `within`, in the order of their roots.

    Who is missing from `health` is UNSEEN; ids that the plant does not have are left out. With `within` the breaks are
    the same as without, as far as they explain any of those, each with all that it explains; and `health` is asked only
    for those and for what is not known to be alive around them, so that the cost follows the size of the failure.
    """
    candidates = health if within is None else within
    asked = {device for device in candidates if health.get(device) is Health.BAD and device in plant.groups}
    scene = _Scene.around(asked, plant, health)
    failed, explained = _explain(scene)
    return tuple(
        Break(
            root=root,
            above=_above(scene, failed, root),
            metres=_metres(scene, failed, root),
            explained=frozenset(explained[root]),
        )
        for root in sorted(explained)
        if not asked.isdisjoint(explained[root])
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sight:
    """Who is alive, or known to pass the light on to somebody who is. Below each is looked once."""

    plant: Plant
    health: Mapping[str, Health]
    passes: dict[str, bool] = field(default_factory=dict)

    def is_dark(self, device: str) -> bool:
        """Whether it may have failed for those that hang on it: not GOOD, and carrying nothing alive."""
        if self.health.get(device) is Health.GOOD:
            return False
        if device not in self.passes:
            self._look_below(device)
        return not self.passes[device]

    def _look_below(self, device: str) -> None:
        """As far as the first that is alive: then all on the way to it pass; who was left on the way passes nothing."""
        way = [(device, iter(self.plant.carried.get(device, ())))]
        while way:
            here, rest = way[-1]
            child = next(rest, None)
            if child is None:
                self.passes[here] = False
                way.pop()
            elif self.health.get(child) is Health.GOOD or self.passes.get(child):
                self.passes.update((passed, True) for passed, _ in way)
                return
            elif child not in self.passes:
                way.append((child, iter(self.plant.carried.get(child, ()))))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """The part of the city that matters: what lies together without anything alive between.

    `dark` is all there that may have failed, `bad` what of it is BAD; `passing` are BAD too, but pass the light on.
    Whatever else hangs on the dark, or the dark on it, is alive.
    """

    plant: Plant
    dark: AbstractSet[str]
    bad: AbstractSet[str]
    passing: AbstractSet[str]

    @classmethod
    def around(cls, asked: AbstractSet[str], plant: Plant, health: Mapping[str, Health]) -> Self:
        sight = _Sight(plant=plant, health=health)
        dark: set[str] = set()
        seen: set[str] = set()
        rest = [*asked, *chain.from_iterable(members(plant.groups[device]) for device in asked)]
        while rest:
            device = rest.pop()
            if device not in seen:
                seen.add(device)
                if sight.is_dark(device):
                    dark.add(device)
                    rest.extend(plant.beside(device))
        bad = {device for device in seen if health.get(device) is Health.BAD}
        return cls(plant=plant, dark=dark, bad=bad & dark, passing=bad - dark)

    def fall(self, start: AbstractSet[str], failed: AbstractSet[str]) -> set[str]:
        """What fails when `start` does, beside what has failed already. Who is alive does not."""
        fallen = set(start)
        gone = _either(failed, fallen)
        rest = list(start)
        while rest:
            for child in self.plant.below(rest.pop()):
                if child in self.dark and not gone(child) and self.plant.cut_by(child, gone):
                    fallen.add(child)
                    rest.append(child)
        return fallen


@dataclass(frozen=True, slots=True, kw_only=True)
class _Suspicion:
    """That `root` failed, though nothing says so: `fallen` would fail with it, and explain the `struck`."""

    root: str
    fallen: AbstractSet[str]
    struck: AbstractSet[str]


def _explain(scene: _Scene) -> tuple[set[str], dict[str, set[str]]]:
    """All that failed, and what is down by root. A suspect to which others leave nothing to explain is dropped."""
    suspects = _suspects(scene)
    while True:
        failed = scene.fall(scene.bad | suspects, frozenset())
        explained = _by_root(scene, failed)
        if explained.keys() >= suspects:
            return failed, explained
        suspects &= explained.keys()


def _by_root(scene: _Scene, failed: AbstractSet[str]) -> dict[str, set[str]]:
    """All that are BAD, by the topmost that failed above each, up the first way that is cut in the parents' order."""
    roots: dict[str, str] = {}
    for device in scene.plant.downward(failed):
        cause = scene.plant.cut_by(device, failed.__contains__)
        roots[device] = device if cause is None else roots[cause]
    for device in scene.passing:
        cause = scene.plant.unpowered_by(device, failed.__contains__)
        roots[device] = device if cause is None else roots[cause]
    explained: defaultdict[str, set[str]] = defaultdict(set)
    for device in chain(scene.bad, scene.passing):
        explained[roots[device]].add(device)
    return explained


def _suspects(scene: _Scene) -> set[str]:
    """Points without evidence that must be taken to have failed, in rounds until nothing is left that they explain."""
    suspects: set[str] = set()
    failed = scene.fall(scene.bad, frozenset())
    while chosen := _strongest(_suspicions(scene, failed)):
        suspects |= chosen
        failed |= scene.fall(chosen, failed)
    return suspects


def _suspicions(scene: _Scene, failed: AbstractSet[str]) -> Iterator[_Suspicion]:
    """The highest that hold; below each nothing else is suspected. A top is BAD, and nothing above explains it yet."""
    plant = scene.plant
    tops = {device for device in scene.bad if not plant.cut_by(device, failed.__contains__)}
    covered: set[str] = set()
    for device in plant.downward(_forks(plant, (scene.dark - failed) | tops, tops)):
        if device not in covered:
            suspicion = _suspicion(scene, device, failed, tops)
            if suspicion is not None:
                covered |= suspicion.fallen
                yield suspicion


def _suspicion(scene: _Scene, device: str, failed: AbstractSet[str], tops: AbstractSet[str]) -> _Suspicion | None:
    """None where somebody alive would be cut off, or where what it would explain is not in two branches.

    Somebody alive may hang on it by all ways of a ring, even if each seems dead; or by the last that is left of one.
    """
    cut_by = scene.plant.cut_by
    alone = scene.fall({device}, frozenset())
    if any(cut_by(child, alone.__contains__) for child in _edge(scene.plant, alone)):
        return None
    fallen = scene.fall({device}, failed)
    gone = _either(failed, fallen)
    cut = {
        child for child in _edge(scene.plant, fallen) if cut_by(child, gone) and not cut_by(child, failed.__contains__)
    }
    struck = cut & tops
    if not cut <= scene.dark or device not in _forks(scene.plant, fallen | struck, struck):
        return None
    return _Suspicion(root=device, fallen=fallen, struck=struck)


def _strongest(suspicions: Iterable[_Suspicion]) -> set[str]:
    """Those that explain most and presume least, as long as no two explain the same."""
    chosen: set[str] = set()
    struck: set[str] = set()
    for one in sorted(suspicions, key=lambda one: (-len(one.struck), len(one.fallen), one.root)):
        if struck.isdisjoint(one.struck):
            chosen.add(one.root)
            struck |= one.struck
    return chosen


def _forks(plant: Plant, among: Iterable[str], tops: AbstractSet[str]) -> set[str]:
    """Those of `among`, tops aside, with two different tops in two branches below; all on the way is among them too."""
    forks: set[str] = set()
    below: dict[str, set[str]] = {}  # to know that there are two, two are enough
    for device in reversed(plant.downward(among)):
        branches = [below[child] for child in plant.below(device) if child in below]
        found = {device} if device in tops else set().union(*branches)
        if len(branches) >= LEAST_EXPLAINED and len(found) >= LEAST_EXPLAINED:
            forks.add(device)
        if found:
            below[device] = set(sorted(found)[:LEAST_EXPLAINED])
    return forks


def _above(scene: _Scene, failed: AbstractSet[str], root: str) -> tuple[str, ...]:
    """The nearest that are known to pass, up the cables through what gives no evidence, in the order of the members."""
    seen: dict[str, None] = {}
    rest = list(reversed(scene.plant.first(root)))
    while rest:
        device = rest.pop()
        if device in seen or device in failed:
            continue
        seen[device] = None
        if device in scene.dark:
            rest.extend(reversed(scene.plant.first(device)))
    return tuple(device for device in seen if device not in scene.dark)


def _metres(scene: _Scene, failed: AbstractSet[str], root: str) -> float | None:
    """The length of the cables up to the first that is known to pass."""
    metres, device = 0.0, root
    while (cable := scene.plant.cable_metres.get(device)) is not None:
        metres += cable
        device = scene.plant.first(device)[0]
        if device in failed:
            return None
        if device not in scene.dark:
            return metres
    return None


def _edge(plant: Plant, fallen: AbstractSet[str]) -> set[str]:
    """Whatever hangs on what has fallen and has not fallen itself."""
    return set(chain.from_iterable(map(plant.below, fallen))) - fallen


def _either(one: AbstractSet[str], other: AbstractSet[str]) -> Gone:
    return lambda device: device in one or device in other

"""Whatever a city is tied like, and whatever happens in it: what must hold of the standings of its devices."""

from typing import TypeAlias

from hypothesis import example, given, settings
from hypothesis import strategies as st

from alerts.states.evidence import Observed, Word
from alerts.states.ledger import Ledger
from alerts.states.settings import StateSettings
from devices.device import Device, Parent
from devices.reading import Status
from devices.state import Bucket, Gap, State
from tests.alerts.city import after
from tests.alerts.test_states_ledger import Town

COUNT = 9
NAMES = [f"p{n}" for n in range(COUNT)]
KINDS = st.sampled_from(["fibre_point", "fibre_point", "fibre_point", "gateway", "feeder", "power"])

Step: TypeAlias = tuple[str, int, float]


@st.composite
def cities(draw: st.DrawFn) -> list[Device]:
    """Devices that hang on earlier ones, singly or by redundancy groups."""
    devices = []
    for number, name in enumerate(NAMES):
        above = draw(st.lists(st.sampled_from(NAMES[:number]), max_size=3, unique=True)) if number else []
        grouped = len(above) > 1 and draw(st.booleans())
        parents: tuple[Parent, ...] = (tuple(above),) if grouped else tuple(above)
        devices.append(Device(id=name, kind=draw(KINDS), name=name, parents=parents))
    return devices


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["read", "read", "offline", "online", "mains", "gasp", "wait", "blind", "see", "work"]),
        st.integers(0, COUNT - 1),
        st.sampled_from([0.0, 0.001, 1.0, 30.0, 95.0, 200.0]),
    ),
    max_size=30,
)


def happen(town: Town, step: Step) -> None:
    """One thing in the city, some seconds after the last."""
    what, number, seconds = step
    name, ledger = NAMES[number], town.ledger
    town.seconds += seconds
    if what == "read":
        town.reads(name)
    elif what in {"offline", "online"}:
        ledger.heard.words[name] = Word(status=Status(what), at=town.now)
        ledger.touch([name])
    elif what == "mains":
        ledger.heard.readings.setdefault(name, {})["on_mains"] = Observed(value=float(seconds > 1), at=town.now)
        ledger.touch([name])
    elif what == "gasp":
        ledger.heard.gasps[name] = town.now
        ledger.touch([name])
    elif what == "blind":
        ledger.learn_gap(Gap(since=town.now))
    elif what == "see" and ledger.gap is not None and ledger.gap.until is None:
        town.seconds += 0.001
        ledger.learn_gap(Gap(since=ledger.gap.since, until=town.now))
    elif what == "work":
        ledger.learn_maintained(frozenset(NAMES[: number + 1]) if seconds else frozenset())


def check(ledger: Ledger, town: Town) -> None:
    for name, standing in ledger.standings.items():
        own = ledger.own[name]
        assert standing.since <= town.now
        assert (standing.state is State.UNREACHABLE) == (standing.cause is not None)
        assert standing.cause != name
        if standing.alive:
            assert own.state is State.UP, "who is up talks"
        if own.state is State.UP:
            assert standing.alive, "who talks is up, whatever is above"
        if own.state is State.DOWN:
            assert standing.failed, "who is down by its own evidence is explained, by itself or by what is above"
        if own.state is State.UNKNOWN:
            assert (standing.state, standing.bucket) == (State.UNKNOWN, Bucket.BLIND)
        if standing.cause is not None and standing.settling_since is None:
            assert _failed_above(ledger, name), "what excuses a device has failed"


def _failed_above(ledger: Ledger, name: str) -> bool:
    """Whether any single parent, or all of a group, has failed; those of which nothing is known let it through."""
    return any(
        all(_cuts(ledger, one) for one in ((parent,) if isinstance(parent, str) else parent))
        for parent in ledger.tree.parents[name]
    )


def _cuts(ledger: Ledger, name: str) -> bool:
    standing = ledger.standings[name]
    return standing.failed or (standing.state is State.UNKNOWN and _failed_above(ledger, name))


# A feeder that hangs on a feeder: each is judged by what hangs on it, the lower one first.
BRANCHED = [
    Device(id="p0", kind="feeder", name="p0"),
    Device(id="p1", kind="feeder", name="p1", parents=("p0",)),
    *(Device(id=name, kind="fibre_point", name=name, parents=("p1",)) for name in NAMES[2:]),
]


@settings(max_examples=300)
@given(cities(), STEPS)
@example(BRANCHED, [("blind", 0, 0.0), ("read", 7, 0.0)])
@example(BRANCHED[::-1], [("read", 7, 0.0), ("blind", 0, 0.0), ("read", 3, 0.0)])
def test_standings_are_explained_and_looking_at_everything_again_changes_nothing(
    devices: list[Device], steps: list[Step]
) -> None:
    """A round looks only at what may have changed; a look at all of it must find the same."""
    town = Town(devices, StateSettings())
    town.at(0)
    for step in steps:
        before = {name: standing.since for name, standing in town.ledger.standings.items()}
        happen(town, step)
        moved = town.ledger.judge(town.now)
        for one in moved:
            assert one.after.since >= before[one.device], "the history before the open row is never touched"
        check(town.ledger, town)
        town.ledger.touch_all()
        assert town.ledger.judge(town.now) == []


@settings(max_examples=200)
@given(cities(), STEPS, st.permutations(NAMES))
def test_the_order_in_which_devices_are_listed_decides_nothing(
    devices: list[Device], steps: list[Step], order: list[str]
) -> None:
    towns = [Town(listed, StateSettings()) for listed in (devices, sorted(devices, key=lambda d: order.index(d.id)))]
    for town in towns:
        town.at(0)
        for step in steps:
            happen(town, step)
            town.ledger.judge(town.now)
    one, other = (town.ledger.standings for town in towns)
    assert one == other


def test_a_parent_and_its_child_that_fall_at_the_same_millisecond_are_one_cause() -> None:
    town = Town(
        [Device(id="a", kind="fibre_point", name="a"), Device(id="b", kind="fibre_point", name="b", parents=("a",))]
    )
    town.reads("a", "b")
    town.at(0)
    town.at(90)
    assert town.state("b") == (State.UP, None)
    town.at(90.001)
    assert (town.state("a"), town.state("b")) == ((State.DOWN, None), (State.UNREACHABLE, "a"))
    assert town.ledger.standings["b"].since == after(30)

"""What is wrong with technicians and rotas beside each other, the settings and the city. Pure."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.incidents.words import Language
from alerts.oncall import words
from alerts.oncall.policy import Policy
from alerts.oncall.roster import Roster
from alerts.oncall.rota import Rota, on_call
from alerts.oncall.target import Target
from alerts.oncall.technician import Technician
from alerts.oncall.written import WrittenRota, WrittenTechnician
from alerts.paging.words import Words

# A sentence, of what it is said, and the name that is amiss.
Told = tuple[Words, str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """`where` leads to the key in the list."""

    where: tuple[str | int, ...]
    reason: str


def technician_faults(
    technicians: Sequence[WrittenTechnician],
    roster: Roster,
    channels: Collection[str],
    areas: Collection[str],
    now: datetime,
) -> list[Fault]:
    """Why this list may not replace the stored one, whose rotas stay."""
    kept = {technician.id for technician in technicians}
    missing = [(rota.name, id_) for rota in roster.rotas.values() for id_ in sorted(rota.named(now) - kept)]
    return [
        *_twice([technician.id for technician in technicians], "id"),
        *_unknown_channels(technicians, channels),
        *_unknown_areas(technicians, areas),
        *(Fault((), f"{id_} is missing, and still named by rota {rota}") for rota, id_ in missing),
    ]


def rota_faults(rotas: Sequence[WrittenRota], technicians: Collection[str], now: datetime) -> list[Fault]:
    """Why this list may not replace the stored one."""
    named = [(number, id_) for number, rota in enumerate(rotas) for id_ in sorted(rota.value().named(now))]
    unknown = [Fault((number,), f"no technician is called {id_}") for number, id_ in named if id_ not in technicians]
    return [*_twice([rota.name for rota in rotas], "name"), *unknown]


def roster_faults(
    roster: Roster,
    policies: Sequence[Policy],
    channels: Collection[str],
    areas: Collection[str],
    now: datetime,
    language: Language,
) -> list[str]:
    """What stops nothing, as a roster falls back, but is not as it was meant. Without `areas`, any may be named."""
    found = (
        *(fault for policy in policies for fault in _policy(policy, roster, areas)),
        *((words.VACANT, rota.name, "") for rota in roster.rotas.values() if not _known(rota, roster, now)),
        *(fault for one in roster.technicians.values() for fault in _technician(one, channels, areas)),
    )
    column = 0 if language == "id" else 1
    return [*roster.unread, *(sentence[column].format(of=of, name=name) for sentence, of, name in found)]


def _technician(technician: Technician, channels: Collection[str], areas: Collection[str]) -> Iterator[Told]:
    for channel in sorted({contact.channel for contact in technician.contacts}.difference(channels)):
        yield words.NO_CHANNEL, technician.id, channel
    for area in sorted(technician.areas.difference(areas)) if areas else ():
        yield words.NO_AREA, technician.id, area


def _policy(policy: Policy, roster: Roster, areas: Collection[str]) -> Iterator[Told]:
    for name in dict.fromkeys(policy.of("rota")):
        if name not in roster.rotas:
            yield words.NO_ROTA_CALLED, policy.name, name
    for name in dict.fromkeys(policy.of("technician")):
        if name not in roster.technicians:
            yield words.NO_TECHNICIAN, policy.name, name
    if any(Target("area") in step.notify for step in policy.steps):
        yield from ((words.UNCOVERED, policy.name, area) for area in sorted(areas) if not roster.covering(area))


def _known(rota: Rota, roster: Roster, now: datetime) -> bool:
    return any(id_ in roster.technicians for id_ in on_call(rota, now))


def _twice(names: Sequence[str], key: str) -> Iterator[Fault]:
    return (Fault((number, key), f"{name} stands twice") for number, name in enumerate(names) if name in names[:number])


def _unknown_channels(technicians: Sequence[WrittenTechnician], channels: Collection[str]) -> Iterator[Fault]:
    for number, technician in enumerate(technicians):
        for place, contact in enumerate(technician.contacts):
            if contact.channel not in channels:
                yield Fault((number, "contacts", place, "channel"), f"no channel is called {contact.channel}")


def _unknown_areas(technicians: Sequence[WrittenTechnician], areas: Collection[str]) -> Iterator[Fault]:
    for number, technician in enumerate(technicians):
        for place, area in enumerate(technician.areas):
            if areas and area not in areas:
                yield Fault((number, "areas", place), f"{area} is not among the areas of the city")

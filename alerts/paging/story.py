"""Pure: what the page about a group says of the incident behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alerts.incidents.incident import Incident
from alerts.paging.words import SEVERAL, say
from devices.device import Device
from devices.diagnosis import Class


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """`number` is the incident's, by which people speak of it; of several, the first one's."""

    number: int | None
    title: str
    area: str = ""
    cls: Class | None = None
    position: tuple[float, float] | None = None
    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, incident: Incident, devices: Mapping[str, Device]) -> "Story":
        root = devices.get(incident.root)
        told = bool(incident.place)  # an incident by a rule of values has no place and no likely cause
        position = None
        if root is not None and root.latitude is not None and root.longitude is not None:
            position = (root.latitude, root.longitude)
        names = incident.affected.get("names", ())
        return cls(
            number=incident.id,
            title=incident.title,
            area=incident.area,
            cls=Class(incident.cls) if told else None,
            position=position,
            names=tuple(map(str, names)) if isinstance(names, list | tuple) else (),
        )


def story_of(incidents: Sequence[Incident], devices: Mapping[str, Device], language: str) -> Story:
    """Of several incidents that are told together, none has its place told."""
    if len(incidents) == 1:
        return Story.of(incidents[0], devices)
    titles = [incident.title for incident in incidents]
    number = incidents[0].id if incidents else None
    return Story(number=number, title=f"{say(SEVERAL, language).format(count=len(titles))}: {'; '.join(titles[:3])}")

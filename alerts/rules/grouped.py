"""A rule about devices together: those it matches, or each part of them that has something in common."""

from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field, field_validator

from alerts.rules.bounded import Bounded, NoData
from alerts.rules.subject import Subject
from devices.device import Device
from devices.state import Mark, State

# What a group is made by: its members have it in common.
By: TypeAlias = Annotated[str, Field(pattern=r"^(kind|area|attributes\.[A-Za-z0-9_]{1,64})$")]
ATTRIBUTE = "attributes."
GROUP = "group"
ALL = "all"


class Grouped(Bounded):
    """The subject is the group: group:<kind or all>:<area or all>. With fewer than `least` members that can be judged
    it says nothing, and stays as it was.
    """

    speaks_of_health: ClassVar[bool] = False

    by: tuple[By, ...] = ()
    least: Annotated[int, Field(ge=1, le=100_000)] = 3

    @field_validator("no_data")
    @classmethod
    def _stays(cls, no_data: NoData) -> NoData:
        if no_data is not NoData.KEEP:
            raise ValueError("a group without data stays as it was; a rule of kind silence tells of silent members")
        return no_data

    def group_of(self, device: Device) -> Device:
        """The group that a device belongs to, as the subject that alerts are about."""
        kind = device.kind if "kind" in self.by else _only(self.match.kind)
        area = device.area if "area" in self.by else _only(self.match.area)
        keys = [by.removeprefix(ATTRIBUTE) for by in self.by if by.startswith(ATTRIBUTE)]
        more = [f"{key}={device.attributes.get(key, '')}" for key in keys]
        name = ", ".join(filter(None, (kind, area, *more))) or ALL
        return Device(
            id=":".join((GROUP, kind or ALL, area or ALL, *more)), kind=kind or GROUP, name=name, area=area or ""
        )


def can_be_judged(member: Subject) -> bool:
    """Who is unknown, unreachable, in maintenance or not yet confirmed counts on no side."""
    standing = member.standing
    if standing is None or standing.state in (State.UNKNOWN, State.UNREACHABLE):
        return False
    return Mark.MAINTENANCE not in standing.marks and member.confirmed


def _only(values: tuple[str, ...] | None) -> str:
    return values[0] if values is not None and len(values) == 1 else ""

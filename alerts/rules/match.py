"""Which devices a rule asks about."""

from collections.abc import Iterable, Mapping
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from devices.device import Device
from devices.kinds import KINDS

Scalar: TypeAlias = str | int | float | bool


def check_kind(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"no kind of device is called {kind}; known are {', '.join(KINDS)}")
    return kind


def _check_kinds(kinds: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(check_kind, kinds))


def _listed(one_or_more: object) -> object:
    return (one_or_more,) if isinstance(one_or_more, str) else one_or_more


# In city.toml one text, or a list of texts of which any will do.
OneOf: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_listed), Field(min_length=1)]


class Match(BaseModel):
    """All that carry every value named here; all devices where none is named."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Annotated[OneOf, AfterValidator(_check_kinds)] | None = None
    area: OneOf | None = None
    id: OneOf | None = None
    attributes: Mapping[str, Scalar] = Field(default_factory=dict)

    @property
    def kinds(self) -> Iterable[str]:
        """The kinds of device that may be meant."""
        return KINDS if self.kind is None else self.kind

    def fits(self, device: Device) -> bool:
        return (
            (self.kind is None or device.kind in self.kind)
            and (self.area is None or device.area in self.area)
            and (self.id is None or device.id in self.id)
            and all(_same(device.attributes.get(key), value) for key, value in self.attributes.items())
        )


def _same(found: object, wanted: Scalar) -> bool:
    """A list of devices from a spreadsheet holds texts, where the settings may hold a number or a yes."""
    return found is not None and (found == wanted or str(found).lower() == str(wanted).lower())

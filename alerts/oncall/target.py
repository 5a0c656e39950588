"""Whom a step of a policy names: "rota:NAME", "technician:ID", "channel:NAME" or "area". Pure."""

import re
from dataclasses import dataclass
from typing import Annotated, Literal, Self, get_args

from pydantic import BeforeValidator, PlainSerializer

Named = Literal["rota", "technician", "channel"]
NAMED = get_args(Named)
# What a technician's id, a rota's and a policy's name look like.
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)
GRAMMAR = re.compile(rf"(?P<kind>{'|'.join(NAMED)}):(?P<name>.+)")


@dataclass(frozen=True, slots=True)
class Target:
    """`area`: who covers the kecamatan of the alert; it has no name."""

    kind: Named | Literal["area"]
    name: str = ""

    @classmethod
    def parse(cls, text: object) -> Self:
        """Raises ValueError for anything but the four forms."""
        if isinstance(text, cls):
            return text
        if text == "area":
            return cls("area")
        found = GRAMMAR.fullmatch(text) if isinstance(text, str) else None
        if found is None:
            raise ValueError('must be "rota:NAME", "technician:ID", "channel:NAME" or "area"')
        kind = next(kind for kind in NAMED if kind == found["kind"])
        return cls(kind, found["name"])

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.name else self.kind


TargetText = Annotated[Target, BeforeValidator(Target.parse), PlainSerializer(str)]

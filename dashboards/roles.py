"""Who may do what: four roles, each with every right of those below it."""

from enum import IntEnum
from typing import Literal, TypeAlias

RoleWord: TypeAlias = Literal["wall", "technician", "operator", "admin"]


class Role(IntEnum):
    """Ordered: `role >= Role.OPERATOR` reads as it should."""

    WALL = 1
    TECHNICIAN = 2
    OPERATOR = 3
    ADMIN = 4

    @property
    def word(self) -> str:
        """The role as users, tokens and tables spell it."""
        return self.name.lower()

    @property
    def in_indonesian(self) -> str:
        """As the pages call it."""
        return {Role.WALL: "dinding", Role.TECHNICIAN: "teknisi"}.get(self, self.word)


def parse_role(word: str) -> Role:
    """The role of that name; ValueError with the four names otherwise."""
    for role in Role:
        if role.word == word:
            return role
    raise ValueError(f"{word!r} is not a role; roles are {', '.join(role.word for role in Role)}")

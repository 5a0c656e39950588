"""Pure: the short numbers by which people answer pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count


@dataclass(slots=True)
class Codes:
    """Numbers by person and group. A number means one thing to one person, and is as short as that allows."""

    known: dict[tuple[str, int], int] = field(default_factory=dict)
    new: dict[tuple[str, int], int] = field(default_factory=dict)

    @classmethod
    def of(cls, known: Mapping[tuple[str, int], int]) -> "Codes":
        return cls(known=dict(known))

    def code(self, technician: str, group: int) -> str:
        """The number by which this person speaks of the group, the same for every message about it."""
        key = (technician, group)
        if key not in self.known:
            taken = {number for (person, _), number in self.known.items() if person == technician}
            self.known[key] = self.new[key] = next(number for number in count(1) if number not in taken)
        return str(self.known[key])

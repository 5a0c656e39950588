"""Whoever asks for a picture; each look is written down before the picture leaves."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from dashboards.auth import By, Who
from dashboards.cameras.access import AccessLog
from dashboards.cameras.shapes import What
from dashboards.centre import Here
from dashboards.problem import RETRY_SECONDS, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Looker:
    """Somebody, in a role, at an address, and the log that knows it."""

    who: str
    role: str
    address: str
    log: AccessLog

    def notes(self, camera: str, what: What) -> bool:
        """Whether the look is noted: if not, it must not take place."""
        return self.log.note(camera, what, who=self.who, role=self.role, address=self.address)

    def note(self, cameras: Iterable[str], what: What) -> None:
        """Note a look at each. Raises Problem where that cannot be."""
        if not all(self.notes(camera, what) for camera in cameras):
            detail = (
                "Akses gambar sedang tidak dapat dicatat, maka tidak ada yang ditampilkan.",
                "Looks at pictures cannot be written down at present, so none is shown.",
            )
            raise Problem(503, detail, headers={"Retry-After": RETRY_SECONDS})


async def looker_of(centre: Here, visitor: Who, author: By) -> Looker:
    return Looker(who=visitor.name, role=visitor.role.word, address=author.origin, log=centre.access)


Looking = Annotated[Looker, Depends(looker_of)]

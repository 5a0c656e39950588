"""As whom somebody speaks of alerts: as the technician they are, else under a name that nobody takes for one's."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from dashboards.audit import Author
from dashboards.auth import Visitor, Who, origin_of
from dashboards.centre import Centre, Here
from dashboards.rights import queries
from dashboards.rights.naming import NOBODYS


@dataclass(frozen=True, slots=True)
class Speaker(Author):
    """`who` is the account or token, which the audit log knows; `voice` whom others are told."""

    voice: str


async def speaker_of(request: Request, visitor: Who, centre: Here) -> Speaker:
    return Speaker(who=visitor.name, origin=origin_of(request), voice=await voice_of(centre, visitor))


async def voice_of(centre: Centre, visitor: Visitor) -> str:
    """A technician's id for who is linked with one, and for nobody else."""
    if visitor.technician is not None:
        return visitor.technician
    row = await centre.row(queries.READS_AS_TECHNICIAN, {"name": visitor.name})
    return spelled(visitor, alike=row is None or row["exists"])


def spelled(visitor: Visitor, *, alike: bool) -> str:
    """A name that anybody may have chosen, marked where others would read more in it than that."""
    sort = "account" if visitor.kind == "session" else "token"
    misleading = alike or visitor.name in NOBODYS or ":" in visitor.name
    return f"{sort}:{visitor.name}" if misleading else visitor.name


Speaking = Annotated[Speaker, Depends(speaker_of)]

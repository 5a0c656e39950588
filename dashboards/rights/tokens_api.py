"""GET, POST and DELETE /api/v1/tokens: what scripts, walls and phones bring instead of a password."""

from typing import Annotated

from fastapi import Path, Response
from pydantic import AfterValidator

from dashboards.auth import By
from dashboards.centre import Here
from dashboards.parameters import PAGE, Limit, Numbered, encode_cursor, storable
from dashboards.problem import Problem
from dashboards.rights import queries, tokens
from dashboards.rights.naming import NAME_MAX
from dashboards.rights.shapes import NewToken, Tokens, TokenShape, TokenWish
from dashboards.roles import parse_role

# Any name that a token ever had may be revoked.
Name = Annotated[str, AfterValidator(storable), Path(min_length=1, max_length=NAME_MAX)]


async def list_tokens(centre: Here, *, active: bool = False, before: Numbered, limit: Limit = PAGE) -> Tokens:
    """Every token ever made, the newest first; with `active` only those that open something."""
    created_at, number = before or (None, None)
    place = {"active": active, "before": created_at, "id": number, "limit": limit + 1}
    rows = await centre.rows(queries.TOKENS, place)
    last = rows[limit - 1] if len(rows) > limit else None
    return Tokens(
        items=[TokenShape.model_validate(row) for row in rows[:limit]],
        next=encode_cursor(last["created_at"].isoformat(), str(last["id"])) if last else None,
    )


async def create_token(centre: Here, body: TokenWish, by: By) -> NewToken:
    """A new token. This answer is the only place where it ever stands."""
    role = parse_role(body.role)
    async with centre.database() as connection:
        try:
            secret = await tokens.create(
                connection, body.name, role, now=centre.now(), token_bytes=centre.token_bytes, by=by
            )
        except tokens.NameTaken as taken:
            raise Problem(
                409, (f"Sudah ada token bernama {body.name}; cabut dulu, atau pilih nama lain.", str(taken))
            ) from taken
    return NewToken(name=body.name, role=body.role, token=secret)


async def revoke_token(centre: Here, name: Name, by: By) -> Response:
    """It opens nothing any more, nor do the screens that live from it; their streams end at the next look."""
    async with centre.database() as connection:
        if not await tokens.revoke(connection, name, now=centre.now(), by=by):
            raise Problem(404, ("Tidak ada token berlaku dengan nama ini.", "No live token has this name."))
    return Response(status_code=204)

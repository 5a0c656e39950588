"""pantau token create | list | revoke"""

import json
import secrets

from dashboards.rights import tokens
from dashboards.roles import parse_role
from deploy.clocks import utc_now
from deploy.commands.failed import FailedError
from deploy.database import connect
from deploy.refused import RefusedError
from deploy.settings import Settings

COLUMNS = ("name", "role", "created_at", "last_used_at", "revoked_at")


async def create(settings: Settings, *, role: str, name: str) -> None:
    """Print the token, alone: it is never to be had again."""
    async with connect(settings.database_url) as connection:
        try:
            print(
                await tokens.create(connection, name, parse_role(role), now=utc_now(), token_bytes=secrets.token_bytes)
            )
        except tokens.NameTaken as taken:
            raise FailedError(str(taken)) from taken
        except ValueError as unsound:
            raise RefusedError([f"--name: {unsound}"]) from unsound


async def show(settings: Settings, *, as_json: bool) -> None:
    async with connect(settings.database_url) as connection:
        found = await tokens.list_all(connection)
    rows = [(token.name, token.role, token.created_at, token.last_used_at, token.revoked_at) for token in found]
    if as_json:
        print(json.dumps([dict(zip(COLUMNS, row, strict=True)) for row in rows], default=str, indent=2))
        return
    for name, role, created_at, last_used_at, revoked_at in rows:
        used = f"last used {last_used_at:%Y-%m-%d %H:%M}" if last_used_at else "never used"
        print(f"{name:<24} {role:<11} {created_at:%Y-%m-%d %H:%M}  {used}{'  revoked' if revoked_at else ''}")


async def revoke(settings: Settings, *, name: str) -> None:
    async with connect(settings.database_url) as connection:
        if not await tokens.revoke(connection, name, now=utc_now()):
            raise FailedError(f"no live token is named {name!r}")
    print(f"{name} opens nothing any more")

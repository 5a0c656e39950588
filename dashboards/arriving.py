"""How long a body may take: a phone that drove out of reach while it sent a photo never says that it has gone."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

# Between two pieces of a body, and for all of it: 2 MiB over a slow line take ten minutes.
PIECE_SECONDS = 30.0
WHOLE_SECONDS = 900.0


def in_time(receive: Receive, *, piece_seconds: float = PIECE_SECONDS) -> Receive:
    """As `receive`; raises HTTPException (408) where no piece of the body comes any more. What follows it may wait."""
    whole, arrived = asyncio.get_running_loop().time() + WHOLE_SECONDS, False

    async def receiving() -> Message:
        nonlocal arrived
        if arrived:
            return await receive()
        try:
            async with asyncio.timeout_at(min(whole, asyncio.get_running_loop().time() + piece_seconds)):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408, "The body did not arrive in time.", {"Connection": "close"}) from None
        arrived = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    return receiving

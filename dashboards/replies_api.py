"""POST /api/v1/replies/{channel}: an SMS gateway passes on what somebody answered to a page."""

from typing import Annotated

from fastapi import Path, Response
from pydantic import AfterValidator, BaseModel, Field

from alerts import replies
from dashboards import audit
from dashboards.auth import By
from dashboards.centre import Here
from dashboards.parameters import Moment, storable

SENDER_MAX = 100


class Said(BaseModel, extra="ignore"):
    """Gateways send more than is asked for. `at` is when the network had it, where the gateway tells."""

    sender: Annotated[str, AfterValidator(storable), Field(alias="from", min_length=1, max_length=SENDER_MAX)]
    text: Annotated[str, AfterValidator(storable), Field(max_length=replies.LONGEST)]
    at: Moment | None = None


async def hear(
    centre: Here, channel: Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")], body: Said, by: By
) -> Response:
    """Keep it for the process that judges; what comes of it is said to the sender, not to the gateway."""
    now = centre.now()
    async with centre.database() as connection, connection.transaction():
        number = await replies.keep(
            connection, channel=channel, sender=body.sender, text=body.text, received_at=now, said_at=body.at
        )
        await audit.record(connection, by, "reply.add", str(number), now=now, detail={"channel": channel})
    return Response(status_code=202)

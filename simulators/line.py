"""A device's connection to the broker, from CONNECT to its loss; and its sudden end."""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TypeAlias

import aiomqtt

from devices.broker import BrokerAddress
from simulators.client import Client

KEEPALIVE_SECONDS = 30
FAREWELL_SECONDS = 2.0
MAX_UNACKNOWLEDGED = 10
# A loss is said once for all devices, by their company; the clients' own complaints go nowhere.
UNHEARD = logging.Logger("unheard", logging.CRITICAL + 1)  # noqa: LOG001  outside the tree, so that no handler hears it

Will: TypeAlias = tuple[str, str]
"""Topic and payload of what the broker says, retained, when the connection is lost."""


class LineLostError(Exception):
    """The connection to the broker could not be had, or was lost."""


class Line:
    """A connection that stands until it is lost; `lost` then holds the reason."""

    def __init__(self, client: Client, lost: asyncio.Task[str]) -> None:
        self._client = client
        self._standing = True
        self.lost = lost

    async def publish(self, topic: str, payload: str | bytes, *, retain: bool = False) -> None:
        """QoS 1; returns with the broker's acknowledgement. Raises LineLostError, at once when it is lost."""
        saying = asyncio.ensure_future(self._say(topic, payload, retain=retain))
        try:
            await asyncio.wait({saying, self.lost}, return_when=asyncio.FIRST_COMPLETED)
            if not saying.done():
                raise LineLostError(self.lost.result())
            saying.result()
        finally:
            saying.cancel()

    def cut(self) -> None:
        """End it as a power cut does, without DISCONNECT: the broker speaks the will at once."""
        self._standing = False
        self._client.hang_up()

    async def _say(self, topic: str, payload: str | bytes, *, retain: bool) -> None:
        if not self._standing:  # paho would ask the loop to watch a socket that is closed by then
            raise LineLostError("the line was cut")
        try:
            await self._client.publish(topic, payload, qos=1, retain=retain)
        except aiomqtt.MqttError as error:
            raise LineLostError(str(error)) from error


@asynccontextmanager
async def open_line(address: BrokerAddress, *, identifier: str, will: Will | None = None) -> AsyncIterator[Line]:
    """Connect, and disconnect in order unless the line was lost. Raises LineLostError when it cannot be had.

    With an empty identifier the broker gives one.
    """
    client = _client(address, identifier=identifier, will=will)
    await _connect(client)
    lost = asyncio.create_task(_loss(client))
    try:
        yield Line(client, lost)
    except LineLostError:
        client.hang_up()  # a broker that does not acknowledge: a DISCONNECT would take our will back
        await asyncio.wait({lost})
        raise
    finally:
        with suppress(aiomqtt.MqttError):
            await client.__aexit__(None, None, None)
        client.hang_up()
        await asyncio.wait({lost})


async def _connect(client: Client) -> None:
    """A thread connects, and no cancellation reaches it: whoever is cancelled meanwhile hangs up himself."""
    connecting = asyncio.ensure_future(client.__aenter__())
    try:
        await asyncio.shield(connecting)
    except aiomqtt.MqttError as error:
        client.hang_up()  # or a broker that answers too late would have a device of whom nobody knows
        raise LineLostError(str(error)) from error
    except asyncio.CancelledError:
        await _give_up(client, connecting)
        raise


async def _give_up(client: Client, connecting: asyncio.Future[Client]) -> None:
    await asyncio.wait({connecting}, timeout=FAREWELL_SECONDS)
    client.hang_up()
    if not connecting.done():
        connecting.cancel()
    elif connecting.exception() is None:
        await _loss(client)


async def _loss(client: Client) -> str:
    try:
        async for _ in client.messages:  # no subscription, so no message: this ends by the loss alone
            continue
    except aiomqtt.MqttError as lost:
        return str(lost)
    return ""


def _client(address: BrokerAddress, *, identifier: str, will: Will | None) -> Client:
    return Client(
        address.host,
        address.port,
        username=address.user,
        password=address.password,
        logger=UNHEARD,
        identifier=identifier,
        protocol=aiomqtt.ProtocolVersion.V311,  # what most devices speak
        clean_session=True,
        will=None if will is None else aiomqtt.Will(*will, qos=1, retain=True),
        keepalive=KEEPALIVE_SECONDS,
        max_concurrent_outgoing_calls=MAX_UNACKNOWLEDGED,
        tls_context=ssl.create_default_context() if address.tls else None,
    )

"""A connection to the MQTT broker, from its URL."""

import ssl

import aiomqtt

from devices.broker import BrokerAddress

# Half a minute after we vanish without a goodbye (1.5 times this; MQTT 5, 3.1.2.10), the broker publishes our will.
KEEPALIVE_SECONDS = 20


def connection(url: str, *, identifier: str, will: aiomqtt.Will) -> aiomqtt.Client:
    """A client to enter with `async with`. Raises ValueError for a URL that names no broker."""
    address = BrokerAddress.parse(url)
    return aiomqtt.Client(
        address.host,
        address.port,
        username=address.user,
        password=address.password,
        identifier=identifier,
        protocol=aiomqtt.ProtocolVersion.V5,
        will=will,
        keepalive=KEEPALIVE_SECONDS,
        tls_context=ssl.create_default_context() if address.tls else None,
    )

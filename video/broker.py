"""A connection to the MQTT broker, from its URL."""

import ssl
from urllib.parse import unquote, urlsplit

import aiomqtt

# Half a minute after we vanish without a goodbye (1.5 times this; MQTT 5, 3.1.2.10), the broker publishes our will.
KEEPALIVE_SECONDS = 20
PORTS = {"mqtt": 1883, "mqtts": 8883}


def connection(url: str, *, identifier: str, will: aiomqtt.Will) -> aiomqtt.Client:
    """A client to enter with `async with`; `mqtt://` or `mqtts://`, user and password inside, percent-encoded.

    Raises ValueError for another scheme, a missing host or a wrong port.
    """
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("an MQTT URL reads mqtt://host:port or mqtts://host:port")
    return aiomqtt.Client(
        parts.hostname,
        parts.port or PORTS[parts.scheme],
        username=parts.username and unquote(parts.username),
        password=parts.password and unquote(parts.password),
        identifier=identifier,
        protocol=aiomqtt.ProtocolVersion.V5,
        will=will,
        keepalive=KEEPALIVE_SECONDS,
        tls_context=ssl.create_default_context() if parts.scheme == "mqtts" else None,
    )

"""The session before a double of a broker, which says what a real one says rarely; and over TLS."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from devices.broker import BrokerAddress
from ingest.batch import BatchLimits
from ingest.session import BrokerError, SessionTerms, open_session
from tests.patience import PATIENCE_SECONDS

CONNECT, SUBSCRIBE = 0x10, 0x82
WELCOME = b"\x20\x03\x00\x00\x00"
GOODBYE = b"\xe0\x00"

Answer = Callable[[bytes], bytes]


@asynccontextmanager
async def broker(
    answers: Mapping[int, Answer], said: bytearray, tls: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    """Its port. It answers packets by their type, keeps all it is told in `said`, and ends with its one client."""
    ended = asyncio.Event()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while packet := await reader.read(65_536):
            said.extend(packet)
            if packet[0] in answers:
                writer.write(answers[packet[0]](packet))
        writer.close()
        with suppress(ConnectionError):  # where the client did not wait for the end
            await writer.wait_closed()
        ended.set()

    async with await asyncio.start_server(converse, "127.0.0.1", 0, ssl=tls) as server:
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            await asyncio.wait_for(ended.wait(), PATIENCE_SECONDS)


def terms(port: int, *, tls: bool = False) -> SessionTerms:
    return SessionTerms(
        broker=BrokerAddress(host="127.0.0.1", port=port, tls=tls),
        client_id="test",
        subscribe=["a"],
        expiry_seconds=1,
        receive_maximum=100,
        connect_seconds=PATIENCE_SECONDS,
        answer_seconds=PATIENCE_SECONDS,
    )


async def attempt(answers: Mapping[int, Answer]) -> bytearray:
    said = bytearray()
    async with (
        broker(answers, said) as port,
        asyncio.timeout(PATIENCE_SECONDS),
        open_session(terms(port), BatchLimits(), lambda: 0),
    ):
        pass
    return said


def granted(code: int, more: bytes = b"") -> Answer:
    return lambda subscribe: b"\x90\x04" + subscribe[2:4] + b"\x00" + bytes([code]) + more


async def test_a_session_that_is_let_in_says_goodbye() -> None:
    assert (await attempt({CONNECT: lambda _: WELCOME, SUBSCRIBE: granted(1)})).endswith(GOODBYE)


async def test_a_wrong_password_is_said_so() -> None:
    with pytest.raises(BrokerError, match="refused us: Bad user name or password"):
        await attempt({CONNECT: lambda _: b"\x20\x03\x00\x86\x00"})


@pytest.mark.parametrize("code", [0x00, 0x87])
async def test_a_subscription_at_less_than_qos_1_is_refused_for_its_messages_could_be_lost(code: int) -> None:
    with pytest.raises(BrokerError, match="refused a subscription"):
        await attempt({CONNECT: lambda _: WELCOME, SUBSCRIBE: granted(code)})


@pytest.mark.parametrize(
    "babble", [b"HTTP/1.1 400 Bad Request\r\n\r\n" + bytes(100), b"\x20\x02\x00\x77", b"\xe0\x01\x77", b"\x30\x01\x00"]
)
async def test_what_speaks_no_mqtt_is_no_broker(babble: bytes) -> None:
    with pytest.raises(BrokerError, match=r"127\.0\.0\.1"):
        await attempt({CONNECT: lambda _: babble})


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return certificate, key


def publish(number: int, payload: bytes) -> bytes:
    """A PUBLISH of more than 16,383 bytes at QoS 1."""
    rest = b"\x00\x01a" + number.to_bytes(2, "big") + b"\x00" + payload
    length = len(rest)
    return b"\x32" + bytes([length & 0x7F | 0x80, length >> 7 & 0x7F | 0x80, length >> 14]) + rest


async def test_over_tls_messages_larger_than_its_records_arrive_whole_and_are_acknowledged_in_order(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))  # what ssl.create_default_context trusts
    ours = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ours.load_cert_chain(*certificate)
    payloads = [bytes([n]) * 50_000 for n in range(1, 41)]
    flood = b"".join(publish(n, payload) for n, payload in enumerate(payloads, start=1))
    said, messages = bytearray(), []
    async with (
        broker({CONNECT: lambda _: WELCOME, SUBSCRIBE: granted(1, flood)}, said, ours) as port,
        asyncio.timeout(PATIENCE_SECONDS),
        open_session(terms(port, tls=True), BatchLimits(), lambda: 0) as session,
    ):
        while len(messages) < len(payloads):
            messages += await session.batch()
        session.settle(messages)
    assert [one.payload for one in messages] == payloads
    assert said.endswith(b"".join(b"\x40\x02" + n.to_bytes(2, "big") for n in range(1, 41)) + GOODBYE)


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # paho leaves its socket to the collector
async def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: tuple[Path, Path]) -> None:
    ours = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ours.load_cert_chain(*certificate)
    async with await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0, ssl=ours) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(BrokerError, match="certificate verify failed"):
            async with open_session(terms(port, tls=True), BatchLimits(), lambda: 0):
                raise AssertionError

"""deploy/mosquitto: the real broker, started with the shipped files."""

import queue
import shutil
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import yaml
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from deploy.local.failure import LocalServerError
from deploy.local.mosquitto import Mosquitto
from deploy.local.ports import answers, free_port
from deploy.local.sandbox import DATA
from deploy.local.server import LocalServer
from tests.patience import PATIENCE_SECONDS

SHIPPED = Path(__file__).parents[2] / "deploy" / "mosquitto"
LIMITS = SHIPPED / "conf.d" / "10-limits.conf"
RECEIVE_MAXIMUM = 4096  # ingest's
PASSWORDS = {"fp-087": "device", "pantau-ingest": "reader", "pantau-video": "camera"}
SUCCESS, NOBODY_LISTENS, NOT_AUTHORISED = 0, 0x10, 0x87  # MQTT 5, section 2.4


class Session:
    """An MQTT 5 client whose acknowledgements never come, so that what the broker holds back can be seen."""

    def __init__(self, port: int, name: str = "", *, user: str = "", clean: bool = True) -> None:
        self.answered: queue.Queue[int] = queue.Queue()
        self.heard: queue.Queue[tuple[str, bytes]] = queue.Queue()
        client = Client(CallbackAPIVersion.VERSION2, name, protocol=MQTTv5, manual_ack=True)
        client.max_inflight_messages_set(RECEIVE_MAXIMUM)
        client.on_connect = lambda *answer: self.answered.put(answer[3].value)
        client.on_publish = lambda *answer: self.answered.put(answer[3].value)
        client.on_subscribe = lambda *answer: self.answered.put(answer[3][0].value)
        client.on_message = lambda *message: self.heard.put((message[2].topic, message[2].payload))
        if user:
            client.username_pw_set(user, PASSWORDS[user])
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call] # paho types this class in part
        properties.SessionExpiryInterval = 0 if clean else 3600
        properties.ReceiveMaximum = RECEIVE_MAXIMUM
        client.connect("127.0.0.1", port, clean_start=clean, properties=properties)
        client.loop_start()
        self._client = client
        self.connected = self.answered.get(timeout=PATIENCE_SECONDS)

    def subscribe(self, topic: str) -> int:
        self._client.subscribe(topic, qos=1)
        return self.answered.get(timeout=PATIENCE_SECONDS)

    def publish(self, topic: str, payload: bytes = b"{}") -> int:
        """Return the reason code of the broker's acknowledgement."""
        self._client.publish(topic, payload, qos=1)
        return self.answered.get(timeout=PATIENCE_SECONDS)

    def publish_many(self, topic: str, count: int) -> None:
        for number in range(count):
            self._client.publish(topic, str(number).encode(), qos=1)
        for _ in range(count):
            assert self.answered.get(timeout=PATIENCE_SECONDS) == SUCCESS

    def publish_without_answer(self, topic: str) -> None:
        self._client.publish(topic, b"", qos=0)

    def hear(self) -> tuple[str, bytes]:
        return self.heard.get(timeout=PATIENCE_SECONDS)

    def end(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def limited(servers_root: Path, scratch: Path, tmp_path: Path) -> Iterator[Mosquitto]:
    """A broker with the production limits, its place and its locks the test's own."""
    with Mosquitto(scratch / f"limited-{tmp_path.name}", root=servers_root, config=LIMITS) as broker:
        yield broker


def test_a_queue_outlives_a_restart_and_the_client_alone_says_how_much_it_takes_at_once(limited: Mosquitto) -> None:
    queued = RECEIVE_MAXIMUM + 1000
    away = Session(limited.port, "ingest", clean=False)
    away.subscribe("telemetry")
    away.end()
    device = Session(limited.port, "device")
    device.publish_many("telemetry", queued)
    device.end()

    limited.stop()
    limited.start()

    back = Session(limited.port, "ingest", clean=False)
    taken = [back.hear()[1] for _ in range(RECEIVE_MAXIMUM)]
    assert taken == [str(number).encode() for number in range(RECEIVE_MAXIMUM)]
    # QoS 0 goes past the window: when it arrives first, nothing else is on its way.
    back.subscribe("marker")
    back.publish_without_answer("marker")
    assert back.hear() == ("marker", b"")
    back.end()


def test_a_message_too_large_for_pantau_still_reaches_it_to_be_rejected_with_a_reason(limited: Mosquitto) -> None:
    ingest = Session(limited.port)
    ingest.subscribe("telemetry")
    device = Session(limited.port)
    assert device.publish("telemetry", bytes(1 << 20)) == SUCCESS
    assert len(ingest.hear()[1]) == 1 << 20
    device.end()
    ingest.end()


def test_the_limits_can_be_included_by_anybody() -> None:
    """Mosquitto refuses a second value of a string, and adds listeners up: neither belongs into a shared file."""
    lines = [line.split() for line in LIMITS.read_text().splitlines() if line and not line.startswith("#")]
    assert all(len(words) == 2 for words in lines)
    strings = {name: value for name, value in lines if not value.isdigit() and value not in {"true", "false"}}
    assert strings == {"persistent_client_expiration": "14d"}


class ProductionBroker(LocalServer):
    """Mosquitto with the production files, only their paths and the listener's port moved into its folder."""

    name = "Mosquitto"
    stop_signal = signal.SIGTERM

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    def health(self, command: str) -> None:
        """Raise LocalServerError if `command` fails beside the broker."""
        self._run(("/bin/sh", "-c", command))

    def _prepare(self) -> Sequence[str]:
        for folder in ("store", "conf.d"):
            (self._data / folder).mkdir()
        for file in (SHIPPED / "mosquitto.conf", *(SHIPPED / "conf.d").glob("*.conf")):
            (self._data / file.relative_to(SHIPPED)).write_text(moved(file.read_text(), port=self.port))
        shutil.copy(SHIPPED / "aclfile.example", self._data / "aclfile")
        (self._data / "passwords").touch(mode=0o600)
        for user, password in PASSWORDS.items():
            self._run(("/usr/bin/mosquitto_passwd", "-b", f"{DATA}/passwords", user, password))
        return ("/usr/sbin/mosquitto", "-c", f"{DATA}/mosquitto.conf")

    def _ready(self) -> bool:
        return answers(self.port)


def moved(text: str, *, port: int) -> str:
    text = text.replace("/etc/mosquitto/", f"{DATA}/").replace("/mosquitto/data/", f"{DATA}/store/")
    return text.replace("\nlistener 1883\n", f"\nlistener {port} 127.0.0.1\n")


@pytest.fixture(scope="module")
def production(servers_root: Path, scratch: Path) -> Iterator[ProductionBroker]:
    with ProductionBroker(scratch / "production", root=servers_root) as broker:
        yield broker


def test_a_stranger_is_refused(production: ProductionBroker) -> None:
    stranger = Session(production.port)
    assert stranger.connected == NOT_AUTHORISED
    stranger.end()


def test_a_device_speaks_for_itself_only(production: ProductionBroker) -> None:
    device = Session(production.port, user="fp-087")
    assert device.connected == SUCCESS
    assert device.publish("pantau/v1/fp-087/telemetry") == NOBODY_LISTENS
    assert device.publish("pantau/v1/fp-088/telemetry") == NOT_AUTHORISED
    device.end()


def test_a_device_cannot_listen_to_another(production: ProductionBroker) -> None:
    curious, video = Session(production.port, user="fp-087"), Session(production.port, user="pantau-video")
    curious.subscribe("pantau/v1/#")
    assert video.publish("pantau/v1/cam-01/telemetry") == SUCCESS  # a subscription is always granted, hearing is not
    curious.subscribe("pantau/v1/#")  # answered behind whatever the broker had sent before
    assert curious.heard.empty()
    video.end()
    curious.end()


def test_ingest_hears_every_device_on_a_shared_subscription_and_says_nothing(production: ProductionBroker) -> None:
    ingest, device = Session(production.port, user="pantau-ingest"), Session(production.port, user="fp-087")
    ingest.subscribe("$share/ingest/pantau/v1/+/telemetry")
    device.publish("pantau/v1/fp-087/telemetry", b'{"rx_power_dbm": -21.4}')
    assert ingest.hear() == ("pantau/v1/fp-087/telemetry", b'{"rx_power_dbm": -21.4}')
    assert ingest.publish("pantau/v1/fp-087/telemetry") == NOT_AUTHORISED
    device.end()
    ingest.end()


def test_the_health_check_of_compose_tells_a_broker_that_answers_from_none(production: ProductionBroker) -> None:
    compose = yaml.safe_load((SHIPPED.parent / "compose.yaml").read_text())
    kind, command = compose["services"]["mosquitto"]["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    command = command.replace("$$", "$")  # as Compose does
    production.health(command.replace("127.0.0.1", f"127.0.0.1 -p {production.port}"))
    with pytest.raises(LocalServerError):
        production.health(command.replace("127.0.0.1", f"127.0.0.1 -p {free_port()}"))

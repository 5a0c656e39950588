"""Pure: messages become rows, each message wholly, in the order of arrival."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from devices.acceptance import accept, clock_fault
from devices.kinds import Kind
from devices.payloads import native
from devices.reading import Event, Reading, Reason, Rejected, Status
from devices.topics import Channel, Grammar, Topic
from ingest.late import late_before_us
from ingest.message import MAX_PAYLOAD_BYTES, Message

# Kept by the broker since nobody knows when, and delivered at every connect: taken at its receipt, it would look fresh.
GHOST = Rejected(Reason.CLOCK, "retained, and without a time of its own")

# Device to kind: all that ingest needs to know of the registry.
Kinds = Mapping[str, Kind]


class StatusHeard(msgspec.Struct, frozen=True, gc=False):
    device: str
    status: Status
    received_us: int
    retained: bool


class EventHeard(msgspec.Struct, frozen=True, gc=False):
    device: str
    event: Event
    received_us: int


class Refusal(msgspec.Struct, frozen=True, gc=False):
    """A rejection with where it came from."""

    device: str | None
    message: Message
    rejected: Rejected


@dataclass(slots=True)
class Intake:
    """The rows of one batch.

    `late` has one reading for each element that came late, for an element has one time: see late.py.
    `untimed` are the messages stored under their time of receipt: see redelivery.py.
    """

    readings: list[Reading] = field(default_factory=list)
    late: list[Reading] = field(default_factory=list)
    statuses: list[StatusHeard] = field(default_factory=list)
    events: list[EventHeard] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    untimed: list[Message] = field(default_factory=list)

    def knows_every_device(self) -> bool:
        """Whether no message came from a device that the registry, as we last saw it, does not hold."""
        return all(refusal.rejected.reason is not Reason.UNKNOWN_DEVICE for refusal in self.refusals)


class Sorter:
    """Sorts messages by the grammar of topics and the kinds of the known devices."""

    def __init__(self, grammar: Grammar, kinds: Kinds) -> None:
        self._grammar = grammar
        self._kinds = kinds
        # Telemetry of known devices is nearly everything that comes: its topics are known beforehand.
        self._telemetry = {grammar.format(device, Channel.TELEMETRY): device for device in kinds}

    def sort(self, messages: Iterable[Message]) -> Intake:
        intake = Intake()
        for message in messages:
            device = self._telemetry.get(message.topic)
            if device is not None and message.size <= MAX_PAYLOAD_BYTES:
                timed = self._telemetry_of(device, message, intake)
            else:
                timed = self._other(message, intake)
            if not timed:
                intake.untimed.append(message)
        return intake

    # Each returns whether all that the message left behind carries a time of its own.

    def _telemetry_of(self, device: str, message: Message, intake: Intake) -> bool:
        kind, received_us, timed = self._kinds[device], message.received_us, True
        late_us, readings = late_before_us(kind, received_us), intake.readings
        for element in native.decode_telemetry(message.payload, received_us):
            if isinstance(element, Rejected):
                timed = _refuse(intake, device, message, element)
                continue
            if message.retained and not element.timed:
                timed = _refuse(intake, device, message, GHOST)
                continue
            timed = timed and element.timed
            before = len(readings)
            for verdict in accept(device, kind, element, received_us):
                if isinstance(verdict, Reading):
                    readings.append(verdict)
                else:
                    timed = _refuse(intake, device, message, verdict)
            if (element.time_us < late_us or element.historical) and len(readings) > before:
                intake.late.append(readings[-1])
        return timed

    def _other(self, message: Message, intake: Intake) -> bool:
        topic = self._grammar.parse(message.topic)
        device = topic.device if topic else None
        fault = _too_large(topic, message) or self._unknown(topic, message)
        if fault is not None:
            return _refuse(intake, device, message, fault)
        if topic is not None and topic.channel is Channel.STATUS:
            return _status_of(topic.device, message, intake)
        return _event_of(topic.device, message, intake)  # type: ignore[union-attr]  # no topic is a fault

    def _unknown(self, topic: Topic | None, message: Message) -> Rejected | None:
        if topic is None:
            return Rejected(Reason.UNKNOWN_DEVICE, f"no device is named by the topic {message.topic[:200]}")
        if topic.device not in self._kinds:
            return Rejected(Reason.UNKNOWN_DEVICE, f"no device {topic.device} in the registry")
        return None


def _too_large(topic: Topic | None, message: Message) -> Rejected | None:
    if message.size > MAX_PAYLOAD_BYTES:
        return Rejected(Reason.TOO_LARGE, f"{message.size} bytes; at most {MAX_PAYLOAD_BYTES}")
    if topic is None or topic.channel is not Channel.TELEMETRY:
        return None
    first = native.decode_telemetry(message.payload, message.received_us)[0]
    return first if isinstance(first, Rejected) and first.reason is Reason.TOO_LARGE else None


def _status_of(device: str, message: Message, intake: Intake) -> bool:
    status = native.decode_status(message.payload)
    if isinstance(status, Rejected):
        return _refuse(intake, device, message, status)
    intake.statuses.append(StatusHeard(device, status, message.received_us, message.retained))
    return True


def _event_of(device: str, message: Message, intake: Intake) -> bool:
    event = native.decode_event(message.payload, message.received_us)
    if isinstance(event, Rejected):
        return _refuse(intake, device, message, event)
    fault = clock_fault(event.time_us, message.received_us)
    if message.retained and not event.timed:
        fault = GHOST
    if fault is not None:
        return _refuse(intake, device, message, fault)
    intake.events.append(EventHeard(device, event, message.received_us))
    return event.timed


def _refuse(intake: Intake, device: str | None, message: Message, fault: Rejected) -> bool:
    intake.refusals.append(Refusal(device, message, fault))
    return False

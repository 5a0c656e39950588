from collections.abc import Iterator
from itertools import islice

from simulators.mqtt.delivery import Delivery
from simulators.mqtt.packets import Connack, as_duplicate


class HandClock:
    """Moves when told."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


def endless() -> Iterator[tuple[str, bytes]]:
    number = 0
    while True:
        yield "t", b"%d" % number
        number += 1


def connack(*, session_present: bool = False, receive_maximum: int = 65_535) -> Connack:
    return Connack(reason=0, session_present=session_present, receive_maximum=receive_maximum)


def started(count: int | None = None, *, window: int = 1_000, rate: float = 100.0) -> tuple[Delivery, HandClock]:
    clock = HandClock()
    delivery = Delivery(islice(endless(), count), window=window, rate=rate, clock=clock)
    delivery.open(connack())
    return delivery, clock


def test_nothing_is_sent_before_the_broker_let_us_in() -> None:
    delivery = Delivery(endless(), window=10, rate=1e6, clock=HandClock())
    assert delivery.packets() == []


def test_messages_fall_due_at_the_rate() -> None:
    delivery, clock = started(rate=100.0)
    assert len(delivery.packets()) == 1
    clock.seconds += 0.5
    assert len(delivery.packets()) == 50
    assert delivery.packets() == []


def test_the_window_holds_back_what_is_due_and_owes_it() -> None:
    delivery, clock = started(window=10)
    clock.seconds += 1.0
    assert len(delivery.packets()) == 10
    assert delivery.packets() == []
    for packet_id in range(1, 11):
        delivery.settle(packet_id, 0)
    assert len(delivery.packets()) == 10


def test_what_fell_due_while_the_broker_was_away_is_owed() -> None:
    delivery, clock = started(rate=100.0)
    delivery.packets()
    delivery.close()
    clock.seconds += 3.0
    assert delivery.packets() == []
    delivery.open(connack(session_present=True))
    assert len(delivery.packets()) == 1 + 300
    assert (delivery.resent, delivery.sent, delivery.connections) == (1, 301, 2)


def test_what_was_not_acknowledged_is_sent_again_first() -> None:
    delivery, clock = started(3)
    clock.seconds += 1.0
    packets = delivery.packets()
    delivery.settle(1, 0)
    delivery.close()
    delivery.open(connack(session_present=True))
    assert delivery.packets() == [as_duplicate(packet) for packet in packets[1:]]


def test_it_is_finished_when_every_message_is_acknowledged_or_refused() -> None:
    delivery, clock = started(3)
    clock.seconds += 1.0
    delivery.packets()
    clock.seconds += 1.0
    delivery.settle(1, 0)
    delivery.settle(2, 0x10)
    assert not delivery.finished
    delivery.settle(3, 0x87)
    assert delivery.finished
    assert (delivery.sent, delivery.acknowledged, delivery.unmatched, delivery.refused) == (3, 2, 1, 1)
    assert delivery.seconds == 2.0


def test_an_acknowledgement_of_nothing_counts_for_nothing() -> None:
    delivery, _ = started()
    delivery.settle(77, 0)
    assert delivery.settled == 0


def test_a_load_of_no_messages_is_finished_at_once_it_is_connected() -> None:
    delivery, _ = started(0)
    delivery.packets()
    assert delivery.finished


def test_idle_is_connected_and_owed_nothing() -> None:
    delivery, _ = started()
    assert delivery.idle
    delivery.packets()
    assert not delivery.idle
    delivery.settle(1, 0)
    assert delivery.idle
    delivery.close()
    assert not delivery.idle

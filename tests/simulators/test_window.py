import pytest

from simulators.mqtt.packets import as_duplicate, publish
from simulators.mqtt.window import Window


def opened(size: int = 10, *, receive_maximum: int = 65_535) -> Window:
    window = Window(size)
    window.open(receive_maximum=receive_maximum, session_present=False)
    return window


def fill(window: Window, count: int) -> list[bytes]:
    return [window.add("t", b"%d" % number) for number in range(count)]


def test_without_a_connection_there_is_no_room() -> None:
    assert Window(10).room == 0


def test_a_window_is_full_at_its_size() -> None:
    window = opened(10)
    fill(window, 10)
    assert window.room == 0


def test_a_broker_that_takes_less_is_given_less() -> None:
    assert opened(10, receive_maximum=4).room == 4


def test_an_acknowledgement_makes_room_once() -> None:
    window = opened(1)
    fill(window, 1)
    assert window.acknowledge(1)
    assert not window.acknowledge(1)
    assert window.room == 1


def test_identifiers_start_at_one_and_pass_over_those_in_use() -> None:
    window = opened(65_535)
    fill(window, 65_535)
    window.acknowledge(700)
    assert window.add("t", b"next") == publish("t", b"next", 700)


def test_a_connection_lost_leaves_no_room_and_forgets_nothing() -> None:
    window = opened()
    fill(window, 3)
    window.close()
    assert window.room == 0
    assert len(window) == 3


def test_the_same_session_gets_the_same_packets_in_order_marked_as_duplicates() -> None:
    window = opened()
    packets = fill(window, 3)
    window.acknowledge(2)
    window.close()
    window.open(receive_maximum=100, session_present=True)
    assert window.again() == [as_duplicate(packets[0]), as_duplicate(packets[2])]
    assert window.again() == []


def test_a_broker_that_forgot_the_session_gets_them_as_new_ones() -> None:
    window = opened()
    packets = fill(window, 2)
    window.open(receive_maximum=100, session_present=False)
    assert window.again() == packets


def test_what_is_sent_again_keeps_to_the_new_connection_s_limit() -> None:
    window = opened()
    packets = fill(window, 5)
    window.open(receive_maximum=2, session_present=False)
    assert window.again() == packets[:2]
    assert window.room == 0
    window.acknowledge(1)
    assert window.again() == packets[2:3]
    for number in (2, 3):
        window.acknowledge(number)
    assert window.again() == packets[3:]
    assert window.room == 0


@pytest.mark.parametrize("size", [0, -1, 65_536])
def test_a_window_without_identifiers_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="window"):
        Window(size)

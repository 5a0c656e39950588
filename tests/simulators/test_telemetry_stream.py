"""What the load sends is good: decoded by the native dialect and accepted by the kind, every reading distinct."""

from collections.abc import Iterator
from itertools import count, islice

import pytest

from devices.acceptance import accept
from devices.kinds import KINDS
from devices.payloads.native import decode_telemetry
from devices.reading import Element, Reading
from devices.topics import Channel, Grammar
from simulators.city import City
from simulators.telemetry import rising, synthetic_devices, telemetry_stream

START_US = 1_795_230_000_000_000
CITY = City(seed=1)


def readings(messages: Iterator[tuple[str, bytes]], *, kind: str = "hotspot") -> Iterator[Reading]:
    for name, payload in messages:
        topic = Grammar().parse(name)
        assert topic is not None
        assert topic.channel is Channel.TELEMETRY
        (element,) = decode_telemetry(payload, START_US)
        assert isinstance(element, Element)
        for reading in accept(topic.device, KINDS[kind], element, START_US):
            assert isinstance(reading, Reading), reading
            yield reading


@pytest.mark.parametrize("values", [1, 3, 10])
def test_every_reading_is_accepted_and_distinct(values: int) -> None:
    stream = telemetry_stream(synthetic_devices(7), CITY, times_us=count(START_US, 33), values_per_message=values)
    found = list(readings(islice(stream, 500)))
    assert len(found) == 500 * values
    assert len({(reading.device, reading.metric, reading.time_us) for reading in found}) == len(found)


def test_one_value_per_message_still_reaches_every_metric_of_every_device() -> None:
    stream = telemetry_stream(synthetic_devices(5), CITY, times_us=count(START_US))
    series = {(reading.device, reading.metric) for reading in readings(islice(stream, 50))}
    assert len(series) == 50


def test_times_are_those_given_to_the_microsecond() -> None:
    stream = telemetry_stream(synthetic_devices(1), CITY, times_us=iter([START_US, START_US + 1, START_US + 1_002]))
    assert [reading.time_us for reading in readings(islice(stream, 2))] == [START_US + 1, START_US + 1_002]


def test_two_streams_of_one_start_are_byte_for_byte_the_same() -> None:
    first, second = (telemetry_stream(synthetic_devices(3), CITY, times_us=count(START_US)) for _ in range(2))
    assert list(islice(first, 100)) == list(islice(second, 100))


def test_a_root_of_one_s_own_is_respected() -> None:
    stream = telemetry_stream(synthetic_devices(1), CITY, times_us=count(START_US), grammar=Grammar("oki/v1"))
    assert next(stream)[0] == "oki/v1/load-00000/telemetry"


@pytest.mark.parametrize("values", [0, 11])
def test_more_values_than_metrics_are_refused(values: int) -> None:
    with pytest.raises(ValueError, match="metrics"):
        telemetry_stream(synthetic_devices(1), CITY, times_us=count(START_US), values_per_message=values)


def test_a_standing_or_turning_clock_still_gives_rising_times() -> None:
    ticks = iter([5, 5, 5, 9, 3, 20])
    assert list(islice(rising(lambda: next(ticks)), 6)) == [5, 6, 7, 9, 10, 20]


def test_synthetic_devices_have_ids_that_a_topic_takes() -> None:
    devices = synthetic_devices(22_700)
    assert len({device.id for device in devices}) == 22_700
    assert Grammar().parse(Grammar().format(devices[-1].id, Channel.TELEMETRY)) is not None

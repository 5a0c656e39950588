"""Pure: endless distinct good readings for a load, each formatted for a few microseconds."""

from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice

import msgspec

from devices.device import Device
from devices.topics import Channel, Grammar
from simulators.city import City

_json = msgspec.json.Encoder()


def synthetic_devices(count: int, *, kind: str = "hotspot") -> list[Device]:
    """Devices `load-00000`, `load-00001`, …; a hotspot reports ten metrics, more than any other kind."""
    return [Device(id=f"load-{number:05}", kind=kind, name=f"Load {number}") for number in range(count)]


def telemetry_stream(
    devices: Sequence[Device],
    city: City,
    *,
    times_us: Iterator[int],
    values_per_message: int = 1,
    grammar: Grammar | None = None,
) -> Iterator[tuple[str, bytes]]:
    """Topic and payload of native telemetry with `ts`, round and round over the devices, for ever.

    Each message takes the next of `times_us` (microseconds since the epoch, all different, so that no two readings of
    a metric share a time): `itertools.count(start, step)` for a schedule, `rising(now_us)` for the moment of sending.
    With fewer values per message than a device has metrics, the metrics take turns from round to round. The values are
    those of the first moment, since computing each anew would cost a hundred times more than sending it.
    Raises ValueError for a device that has not so many metrics, KeyError for a kind that the city does not play.
    """
    grammar = grammar or Grammar()
    first_us = next(times_us)
    rounds = [_turns(city.values(device, first_us / 1e6), values_per_message) for device in devices]
    topics = [grammar.format(device.id, Channel.TELEMETRY) for device in devices]
    return _messages(list(zip(topics, rounds, strict=True)), times_us)


def rising(now_us: Callable[[], int]) -> Iterator[int]:
    """The time now, in microseconds, moved on where it has not risen since the last."""
    last = 0
    while True:
        last = max(last + 1, now_us())
        yield last


def _turns(values: dict[str, float], count: int) -> list[str]:
    """The payload's end for each turn: `count` values as JSON, the metrics in rotation."""
    names = list(values)
    if not 1 <= count <= len(names):
        raise ValueError(f"{count} values per message, of {len(names)} metrics")
    turns = [list(islice(cycle(names), start, start + count)) for start in range(0, len(names), count)]
    return [_json.encode({name: values[name] for name in turn}).decode() + "}" for turn in turns]


def _messages(sources: Sequence[tuple[str, list[str]]], times_us: Iterator[int]) -> Iterator[tuple[str, bytes]]:
    turn = 0
    while True:
        for topic, turns in sources:
            milliseconds, microseconds = divmod(next(times_us), 1_000)
            values = turns[turn % len(turns)]
            yield topic, f'{{"ts":{milliseconds}.{microseconds:03},"values":{values}'.encode()
        turn += 1

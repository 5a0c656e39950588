"""Pure: a scene as the data of a snapshot, in either of its two forms, piece by piece: all at once takes too long."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from dashboards.live.messages import ENCODER
from dashboards.live.picture import Scene
from dashboards.seen import Seen, Standing

# Of the vocabulary: raised when a message is added, or a field; the first number when one goes, or means another thing.
VERSION = "1.0.0"

ENTRY = ("id", "kind", "name", "area", "latitude", "longitude", "parents", "external_ids", "attributes")
MILLISECOND = timedelta(milliseconds=1)


class Form(StrEnum):
    """How a snapshot tells the devices: each as the API does, or all as columns, a quarter as long."""

    DEVICES = "devices"
    COLUMNS = "columns"


def snapshot_pieces(scene: Scene, form: Form) -> Iterator[bytes]:
    """The JSON of `data`; each piece takes a few milliseconds at most, of 22,700 devices."""
    return _object(
        (
            ("version", _whole(VERSION)),
            ("server_time", _whole(scene.at)),
            ("summary", _whole(scene.summary)),
            (form.value, _devices(scene) if form is Form.DEVICES else _columns(scene)),
            ("alerts", _array(scene.alerts)),
            ("incidents", _array(scene.incidents)),
        )
    )


def _devices(scene: Scene) -> Iterator[bytes]:
    return _array(_device(seen, standing) for seen, standing in scene.devices)


def _device(seen: Seen, standing: Standing) -> dict[str, Any]:
    """The contract's device, as seen.shape has it: of 22,700 each a model would take longer than all else."""
    return {
        **{name: seen.entry[name] for name in ENTRY},
        "state": standing.state,
        "cause": standing.cause,
        "since": standing.since,
        "marks": standing.marks,
        "reason": standing.reason,
        "last_seen": seen.last_seen,
        "latest": {metric: {"value": value.value, "time": value.time} for metric, value in seen.latest.items()},
    }


def _columns(scene: Scene) -> Iterator[bytes]:
    return _object(
        (
            ("epoch", _whole(scene.at)),
            *((name, _entries(scene, name)) for name in ENTRY),
            ("state", _column(standing.state for _, standing in scene.devices)),
            ("cause", _column(standing.cause for _, standing in scene.devices)),
            ("since", _column(_milliseconds(standing.since, scene.at) for _, standing in scene.devices)),
            ("marks", _column(standing.marks for _, standing in scene.devices)),
            ("reason", _column(standing.reason for _, standing in scene.devices)),
            ("last_seen", _column(_milliseconds(seen.last_seen, scene.at) for seen, _ in scene.devices)),
            ("latest", _latest(scene)),
        )
    )


def _entries(scene: Scene, name: str) -> Iterator[bytes]:
    return _column(seen.entry[name] for seen, _ in scene.devices)


def _latest(scene: Scene) -> Iterator[bytes]:
    """By kind and metric: of each device of that kind its value, and how long before its last_seen that was taken."""
    kinds: dict[str, list[Seen]] = {}
    for seen, _ in scene.devices:
        kinds.setdefault(seen.entry["kind"], []).append(seen)
    return _object(
        (kind, _object((metric, _metric(members, metric)) for metric in _metrics(members)))
        for kind, members in kinds.items()
    )


def _metrics(members: Iterable[Seen]) -> list[str]:
    return sorted({name for seen in members for name in seen.latest})


def _metric(members: list[Seen], metric: str) -> Iterator[bytes]:
    told = [(seen.last_seen, seen.latest.get(metric)) for seen in members]
    return _object(
        (
            ("value", _column(value.value if value else None for _, value in told)),
            ("before", _column(_milliseconds(last_seen, value.time) if value else None for last_seen, value in told)),
        )
    )


def _milliseconds(time: datetime | None, since: datetime) -> int | None:
    return None if time is None else (time - since) // MILLISECOND


def _whole(value: object) -> Iterator[bytes]:
    yield ENCODER.encode(value)


def _column(values: Iterable[object]) -> Iterator[bytes]:
    yield ENCODER.encode(list(values))


def _array(values: Iterable[object]) -> Iterator[bytes]:
    opening = b"["
    for value in values:
        yield opening + ENCODER.encode(value)
        opening = b","
    yield b"[]" if opening == b"[" else b"]"


def _object(members: Iterable[tuple[str, Iterator[bytes]]]) -> Iterator[bytes]:
    opening = b"{"
    for name, value in members:
        yield opening + ENCODER.encode(name) + b":"
        yield from value
        opening = b","
    yield b"{}" if opening == b"{" else b"}"

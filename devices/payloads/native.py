"""The native dialect: Pantau's own JSON on `telemetry`, `status` and `event`.

Times leave here as integer microseconds since the epoch. A fault is a value (`Rejected`), never an exception.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import msgspec

from devices.jsonb import jsonb_fault
from devices.reading import Element, Event, Reason, Rejected, Status

MAX_ELEMENTS = 1_000
RESERVED = frozenset({"ts", "values", "historical"})
EVENT_FIELDS = frozenset({"ts", "type", "data"})
MAX_TYPE_LENGTH = 64
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# A time so far off is at fault by any clock; a larger number would only break those who compute with it.
FAR_US = 1 << 62
NO_TIME = "ts is neither epoch milliseconds nor RFC 3339 with a zone"

AwareDatetime = Annotated[datetime, msgspec.Meta(tz=True)]
_json = msgspec.json.Decoder()


def decode_telemetry(payload: bytes, received_us: int) -> list[Element | Rejected]:
    """The elements of one telemetry message, in order; a faulty element is its `Rejected`, beside the good ones."""
    decoded = _decode(payload)
    if isinstance(decoded, Rejected):
        decoded = _decode_patiently(payload, decoded)
    if isinstance(decoded, Rejected):
        return [decoded]
    if not isinstance(decoded, list):
        return [_element(decoded, received_us)]
    if len(decoded) > MAX_ELEMENTS:
        return [Rejected(Reason.TOO_LARGE, f"{len(decoded)} elements; at most {MAX_ELEMENTS} in one message")]
    if not decoded:
        return [Rejected(Reason.BAD_SHAPE, "an empty batch")]
    return [_element(item, received_us) for item in decoded]


def decode_status(payload: bytes) -> Status | Rejected:
    """`online` or `offline`, as plain text."""
    try:
        return Status(payload.decode("ascii"))
    except ValueError:
        return Rejected(Reason.BAD_SHAPE, "a status is the plain text online or offline")


def decode_event(payload: bytes, received_us: int) -> Event | Rejected:
    """An event: `{"ts", "type", "data"}`, of which only `type` is required."""
    decoded = _decode(payload)
    if isinstance(decoded, Rejected):
        return Rejected(Reason.BAD_SHAPE, f"an event is a JSON object; {decoded.detail}")
    if not isinstance(decoded, dict) or not decoded.keys() <= EVENT_FIELDS:
        return Rejected(Reason.BAD_SHAPE, "an event is an object of ts, type and data")
    kind, data = decoded.get("type"), decoded.get("data")
    if not isinstance(kind, str) or not 0 < len(kind) <= MAX_TYPE_LENGTH:
        return Rejected(Reason.BAD_SHAPE, f"type must be a text of 1 to {MAX_TYPE_LENGTH} characters")
    fault = jsonb_fault([kind, data])
    if fault is not None:
        return Rejected(Reason.BAD_SHAPE, f"data or type {fault}")
    time_us = _time_us(decoded.get("ts"), received_us)
    if time_us is None:
        return Rejected(Reason.BAD_SHAPE, NO_TIME)
    return Event(time_us, kind, data, timed=decoded.get("ts") is not None)


def _decode(payload: bytes) -> Any | Rejected:  # noqa: ANN401  JSON of any shape; the callers judge it
    try:
        return _json.decode(payload)
    except RecursionError:
        return Rejected(Reason.BAD_SHAPE, "nested deeper than any message of ours")
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        return Rejected(Reason.NOT_JSON, str(fault))


def _decode_patiently(payload: bytes, refused: Rejected) -> Any | Rejected:  # noqa: ANN401  JSON of any shape
    """A second reading, where the fast decoder refuses a whole message for one number that no double can hold.

    Such a number is valid JSON (RFC 8259, 6). Here it becomes infinite, so that it alone is refused (`bad-value`, or
    `clock` where it is a `ts`) and the good values beside it are kept. What is no JSON at all stays `refused`.
    """
    try:
        return json.loads(payload.decode(), parse_int=float, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return refused


def _refuse(literal: str) -> None:
    raise ValueError(f"{literal} is no JSON")


def _element(item: object, received_us: int) -> Element | Rejected:
    """One element: `{"ts", "values", "historical"}`, or the bare map of metrics."""
    if not isinstance(item, dict):
        return Rejected(Reason.BAD_SHAPE, f"an element is an object, not {_json_type(item)}")
    if "values" not in item:
        return _bare(item, received_us)
    fault = _shape_fault(item)
    if fault is not None:
        return Rejected(Reason.BAD_SHAPE, fault)
    ts = item.get("ts")
    time_us = _time_us(ts, received_us)
    if time_us is None:
        return Rejected(Reason.BAD_SHAPE, NO_TIME)
    return Element(time_us, item["values"], item.get("historical", False), timed=ts is not None)


def _shape_fault(item: dict[str, Any]) -> str | None:
    if not isinstance(item["values"], dict) or not item["values"]:
        return "values must be an object with at least one metric"
    if not isinstance(item.get("historical", False), bool):
        return "historical must be true or false"
    if not item.keys() <= RESERVED:
        return f"beside values only ts and historical may stand, not {_others(item)}"
    return None


def _bare(values: dict[str, Any], received_us: int) -> Element | Rejected:
    if not values:
        return Rejected(Reason.BAD_SHAPE, "an empty object")
    if not RESERVED.isdisjoint(values):
        return Rejected(Reason.BAD_SHAPE, "ts and historical stand beside values, never among bare metrics")
    return Element(received_us, values, historical=False, timed=False)


def _time_us(ts: object, received_us: int) -> int | None:
    """Microseconds since the epoch; the time of receipt where `ts` is null or missing; None where it is no time."""
    if ts is None:
        return received_us
    if isinstance(ts, float) or ts.__class__ is int:  # the exact class keeps booleans out
        return _whole_us(ts * 1_000)
    if isinstance(ts, str):
        return _rfc3339_us(ts)
    return None


def _whole_us(time_us: float) -> int:
    if -FAR_US <= time_us <= FAR_US:
        return round(time_us)
    return FAR_US if time_us > 0 else -FAR_US


def _rfc3339_us(text: str) -> int | None:
    try:
        return (msgspec.convert(text, AwareDatetime) - EPOCH) // MICROSECOND
    except msgspec.ValidationError:
        return None


def _others(item: Mapping[str, object]) -> str:
    return repr(sorted(item.keys() - RESERVED))[:200]


def _json_type(item: object) -> str:
    return "null" if item is None else {"list": "an array", "str": "a text"}.get(type(item).__name__, "a number")

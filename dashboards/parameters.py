"""What may stand in a query string or a path: texts the database can hold, times with a zone, page sizes, cursors."""

import base64
import binascii
import json
import re
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Path, Query
from pydantic import AfterValidator, BeforeValidator

from dashboards.problem import Problem, unfit
from dashboards.words import Unfit
from devices.device import DEVICE_ID
from devices.jsonb import text_fault

# RFC 3339, section 5.6; a zone is required, for a time without one means another moment to everybody.
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
PLACE = re.compile(r"\(\d{1,9},\d{1,4}\)", re.ASCII)
NUMBER = re.compile(r"\d{1,18}", re.ASCII)
YEARS = range(1970, 3000)
PAGE = 100
PAGE_MAX = 1_000
TEXT_MAX = 200


def storable(text: str) -> str:
    """The text itself; ValueError where PostgreSQL could not hold it."""
    if fault := text_fault(text):
        raise Unfit(("berisi huruf yang tidak dapat disimpan", fault))
    return text


def moment(text: object) -> datetime:
    """An aware UTC datetime from RFC 3339; ValueError for anything else."""
    if not isinstance(text, str) or not RFC_3339.fullmatch(text):
        raise Unfit(
            (
                "harus RFC 3339 dengan zona waktu, seperti 2026-11-21T14:02:10Z",
                "must be RFC 3339 with a zone, such as 2026-11-21T14:02:10Z (send + as %2B)",
            )
        )
    time = datetime.fromisoformat(text.upper())
    if time.year not in YEARS:
        raise Unfit(
            (
                f"harus di tahun {YEARS.start} sampai {YEARS.stop - 1}",
                f"must lie in the years {YEARS.start} to {YEARS.stop - 1}",
            )
        )
    return time.astimezone(UTC)


def encode_cursor(*keys: str) -> str:
    """An opaque place in a list: the keys of the last row seen."""
    return base64.urlsafe_b64encode(json.dumps(keys).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, keys: int = 1) -> list[str]:
    """The keys again; ValueError where the cursor is none of ours."""
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise ValueError("is not a cursor of this list") from error
    if not isinstance(found, list) or len(found) != keys or not all(isinstance(key, str) for key in found):
        raise ValueError("is not a cursor of this list")
    return [storable(key) for key in found]


def _device_id(text: str) -> str:
    if not DEVICE_ID.fullmatch(text):
        raise Unfit(
            (
                "id perangkat terdiri dari 1 sampai 64 huruf a-z, 0-9, - dan _, diawali huruf atau angka",
                "a device's id is 1 to 64 of a-z, 0-9, - and _, beginning with a letter or digit",
            )
        )
    return text


def _one_key(cursor: str | None) -> str | None:
    return decode_cursor(cursor)[0] if cursor else None


def _continued(cursor: str | None) -> datetime | None:
    return moment(decode_cursor(cursor)[0]) if cursor else None


async def _placed(cursor: str | None = None) -> tuple[datetime, str] | None:
    """A moment, and a row's place on disk as PostgreSQL writes it: (block,offset)."""
    return None if not cursor else _two_keys(cursor, PLACE)


async def _numbered(cursor: str | None = None) -> tuple[datetime, int] | None:
    """A moment, and a row's number."""
    if not cursor:
        return None
    time, number = _two_keys(cursor, NUMBER)
    return time, int(number)


def _two_keys(cursor: str, pattern: re.Pattern[str]) -> tuple[datetime, str]:
    try:
        time, key = decode_cursor(cursor, keys=2)
        if not pattern.fullmatch(key):
            raise ValueError("is not a cursor of this list")  # noqa: TRY301  one answer for every fault of a cursor
        return moment(time), key
    except ValueError as error:
        raise Problem(422, unfit("query.cursor", error)) from error


Text = Annotated[str, AfterValidator(storable), Query(max_length=TEXT_MAX)]
Moment = Annotated[datetime, BeforeValidator(moment)]
Limit = Annotated[int, Query(ge=1, le=PAGE_MAX)]
# A cursor is decoded before it reaches the endpoint, which is handed the keys of the last row seen.
After = Annotated[str | None, AfterValidator(_one_key), Query(alias="cursor")]
Continued = Annotated[datetime | None, BeforeValidator(_continued), Query(alias="cursor")]
# Two keys are no scalar, which a query parameter must be: these are dependencies.
Placed = Annotated[tuple[datetime, str] | None, Depends(_placed)]
Numbered = Annotated[tuple[datetime, int] | None, Depends(_numbered)]
DeviceId = Annotated[str, AfterValidator(storable), Path(max_length=TEXT_MAX)]
NewDeviceId = Annotated[str, AfterValidator(_device_id), Path()]

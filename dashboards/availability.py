"""Pure: whose fault it was, for how long: from the seconds of devices in each bucket to the figures of a report.

MTTR is the mean length of a device's own outages that ended, MTBF the time it was up by the number of its own outages
(mean time to restoration and mean operating time between failures as IEC 60050-192 has them), with what was upstream,
for want of power, announced or unseen left out.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from dashboards.shapes import AvailabilityRow, Seconds
from devices.state import Bucket

By: TypeAlias = Literal["device", "kind", "area"]
WORST = 10
MICROSECOND = timedelta(microseconds=1)
# What makes a spreadsheet take a text for a formula (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r")

HEADERS: Mapping[str, Sequence[str]] = {
    "id": (
        "kelompok",
        "nama",
        "perangkat",
        "rentang_detik",
        "normal_detik",
        "putus_sendiri_detik",
        "hulu_detik",
        "pemeliharaan_detik",
        "buta_detik",
        "listrik_detik",
        "ketersediaan_persen",
        "ketersediaan_sendiri_persen",
        "gangguan",
        "gangguan_sendiri",
        "mttr_detik",
        "mtbf_detik",
    ),
    "en": (
        "group",
        "name",
        "devices",
        "span_seconds",
        "up_seconds",
        "down_seconds",
        "upstream_seconds",
        "maintenance_seconds",
        "blind_seconds",
        "power_seconds",
        "availability_percent",
        "own_availability_percent",
        "outages",
        "own_outages",
        "mttr_seconds",
        "mtbf_seconds",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A device in a span: seconds in each bucket but blind, which is the rest, and its outages.

    `repaired` own outages ended in it and had taken `repair_seconds` together.
    """

    id: str
    kind: str
    area: str
    name: str
    seconds: Mapping[str, float]
    outages: int
    outages_own: int
    repaired: int
    repair_seconds: float


def counted_of(row: Mapping[str, Any]) -> Counted:
    """From a row of queries.AVAILABILITY."""
    seconds = {bucket.value: float(row[bucket] or 0) for bucket in Bucket if bucket is not Bucket.BLIND}
    kept = ("id", "kind", "area", "name", "outages", "outages_own", "repaired")
    return Counted(**{key: row[key] for key in kept}, seconds=seconds, repair_seconds=float(row["repair_seconds"] or 0))


def grouped(counted: Iterable[Counted], by: By, span_seconds: float) -> list[AvailabilityRow]:
    """A row per device, kind or area, in the order of their names."""
    groups: defaultdict[str, list[Counted]] = defaultdict(list)
    for device in counted:
        groups[KEYS[by](device)].append(device)
    return [_row(key, members, by, span_seconds) for key, members in sorted(groups.items())]


def worst(counted: Iterable[Counted], span_seconds: float) -> list[AvailabilityRow]:
    """The ten devices that were available least, of those that were seen and not always there."""
    rows = [row for row in grouped(counted, "device", span_seconds) if row.availability is not None]
    rows.sort(key=lambda row: (row.availability, -row.seconds.down, row.id))
    return [row for row in rows if row.availability is not None and row.availability < 1][:WORST]


def render_csv(rows: Iterable[AvailabilityRow], language: str) -> str:
    """For the monthly report: a header, then a line per row; RFC 4180."""
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow(HEADERS[language])
    for row in rows:
        writer.writerow(
            [
                _harmless(row.id),
                _harmless(row.name),
                row.devices,
                round(row.span_seconds),
                *(round(getattr(row.seconds, bucket)) for bucket in ORDER),
                _percent(row.availability),
                _percent(row.availability_own),
                row.outages,
                row.outages_own,
                _rounded(row.mttr_seconds),
                _rounded(row.mtbf_seconds),
            ]
        )
    return sheet.getvalue()


def sheet_name(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """`availability-2026-11.csv` where a span lies in one month of the zone, from its first day; else its days."""
    first, last = start.astimezone(zone), (end - MICROSECOND).astimezone(zone)
    month = first.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    if first == month and (first.year, first.month) == (last.year, last.month):
        return f"availability-{first:%Y-%m}.csv"
    return f"availability-{first:%Y-%m-%d}-{last:%Y-%m-%d}.csv"


def _row(key: str, members: Sequence[Counted], by: By, span_seconds: float) -> AvailabilityRow:
    span = span_seconds * len(members)
    known = {
        bucket: sum(member.seconds[bucket] for member in members) for bucket in ORDER if bucket is not Bucket.BLIND
    }
    seconds = Seconds(**known, blind=max(0.0, span - sum(known.values())))
    seen = seconds.up + seconds.down + seconds.upstream + seconds.power
    own, repaired = sum(one.outages_own for one in members), sum(one.repaired for one in members)
    return AvailabilityRow(
        id=key,
        name=members[0].name if by == "device" else key,
        devices=len(members),
        span_seconds=span,
        seconds=seconds,
        availability=seconds.up / seen if seen else None,
        availability_own=1 - seconds.down / seen if seen else None,
        outages=sum(member.outages for member in members),
        outages_own=own,
        mttr_seconds=sum(member.repair_seconds for member in members) / repaired if repaired else None,
        mtbf_seconds=seconds.up / own if own else None,
    )


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.3f}"


def _rounded(seconds: float | None) -> str:
    return "" if seconds is None else str(round(seconds))


ORDER = (Bucket.UP, Bucket.DOWN, Bucket.UPSTREAM, Bucket.MAINTENANCE, Bucket.BLIND, Bucket.POWER)
KEYS: Mapping[By, Callable[[Counted], str]] = {
    "device": lambda device: device.id,
    "kind": lambda device: device.kind,
    "area": lambda device: device.area,
}

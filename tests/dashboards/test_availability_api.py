"""The report: its endpoint, its worst devices, and the sheet for the end of the month."""

import csv
from datetime import datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import httpx
import pytest

from dashboards.availability import sheet_name
from tests.dashboards.city import START, City, Clock

HOUR = timedelta(hours=1)
PATH = "/api/v1/availability"
WIB = ZoneInfo("Asia/Jakarta")
SPAN = {"from": (START - 10 * HOUR).isoformat(), "to": START.isoformat()}


async def _city(city: City) -> None:
    """Of ten hours one point was down for two, its neighbour cut off for four, and a camera never looked at."""
    await city.add("fp-001", name="=HYPERLINK(1)", area="Lengkiti")
    await city.add("fp-002", area="Ulu Ogan")
    await city.add("cam-01", "camera", area="Lengkiti")
    for device, state, bucket, hours, cause in (
        ("fp-001", "down", "down", 2, None),
        ("fp-002", "unreachable", "upstream", 4, "fp-001"),
    ):
        await city.stands(device, "up", "up", START - 20 * HOUR, START - 5 * HOUR)
        await city.stands(device, state, bucket, START - 5 * HOUR, START - (5 - hours) * HOUR, cause=cause)
        await city.stands(device, "up", "up", START - (5 - hours) * HOUR)
    await city.judged()


async def test_every_device_has_its_buckets_and_whose_fault_it_was(reader: httpx.AsyncClient, city: City) -> None:
    await _city(city)
    report = (await reader.get(PATH, params=SPAN)).json()
    camera, own, cut_off = report["items"]
    assert [item["id"] for item in report["items"]] == ["cam-01", "fp-001", "fp-002"]
    assert (camera["seconds"]["blind"], camera["availability"]) == (36_000, None)
    assert (own["availability"], own["availability_own"], own["outages"], own["outages_own"]) == (0.8, 0.8, 1, 1)
    assert (own["mttr_seconds"], own["mtbf_seconds"]) == (7_200, 28_800)
    assert (cut_off["availability"], cut_off["availability_own"], cut_off["outages_own"]) == (0.6, 1.0, 0)
    assert [item["id"] for item in report["worst"]] == ["fp-002", "fp-001"]


@pytest.mark.parametrize(("by", "ids"), [("kind", ["camera", "fibre_point"]), ("area", ["Lengkiti", "Ulu Ogan"])])
async def test_groups_sum_to_the_span_of_all_their_devices(
    reader: httpx.AsyncClient, city: City, by: str, ids: list[str]
) -> None:
    await _city(city)
    items = (await reader.get(PATH, params={**SPAN, "by": by})).json()["items"]
    assert [item["id"] for item in items] == ids
    for item in items:
        assert sum(item["seconds"].values()) == pytest.approx(36_000 * item["devices"])


@pytest.mark.parametrize(
    ("asked", "ids"),
    [({"kind": "camera"}, ["cam-01"]), ({"area": "Lengkiti"}, ["cam-01", "fp-001"]), ({"id": "fp-002"}, ["fp-002"])],
)
async def test_filters_leave_the_rest_out(
    reader: httpx.AsyncClient, city: City, asked: dict[str, str], ids: list[str]
) -> None:
    await _city(city)
    items = (await reader.get(PATH, params=SPAN | asked)).json()["items"]
    assert [item["id"] for item in items] == ids


async def test_the_future_is_left_out_and_what_was_judged_no_more_is_blind(
    reader: httpx.AsyncClient, city: City, clock: Clock
) -> None:
    await _city(city)
    clock.pass_seconds(1_800)
    span = {"from": (START - HOUR).isoformat(), "to": (START + 10 * HOUR).isoformat(), "id": "fp-001"}
    report = (await reader.get(PATH, params=span)).json()
    assert report["to"] == "2026-11-21T14:32:10Z"
    assert report["items"][0]["seconds"] | {"up": 3_600, "blind": 1_800} == report["items"][0]["seconds"]
    assert (await reader.get(PATH, params={"from": (START + HOUR).isoformat()})).status_code == 422


async def test_a_device_that_was_taken_out_is_left_out(reader: httpx.AsyncClient, city: City) -> None:
    await _city(city)
    await city.execute("delete from device where id = 'fp-002'")
    items = (await reader.get(PATH, params=SPAN)).json()["items"]
    assert [item["id"] for item in items] == ["cam-01", "fp-001"]


async def test_the_sheet_is_in_the_citys_language_and_holds_no_formula(reader: httpx.AsyncClient, city: City) -> None:
    await _city(city)
    answer = await reader.get(f"{PATH}.csv", params=SPAN)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="availability-2026-11-21-2026-11-21.csv"'
    rows = list(csv.DictReader(StringIO(answer.text, newline="")))
    assert [row["nama"] for row in rows] == ["CAM-01", "'=HYPERLINK(1)", "FP-002"]
    assert [row["ketersediaan_persen"] for row in rows] == ["", "80.000", "60.000"]
    assert rows[1]["putus_sendiri_detik"] == "7200"


def test_a_sheet_is_named_after_the_month_of_the_city_not_of_greenwich() -> None:
    november, december = datetime(2026, 11, 1, tzinfo=WIB), datetime(2026, 12, 1, tzinfo=WIB)
    assert sheet_name(november, december, WIB) == "availability-2026-11.csv"
    assert sheet_name(november, december + HOUR, WIB) == "availability-2026-11-01-2026-12-01.csv"

"""Frames that were kept: found by day, time and reason, and looked at one by one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from dashboards.cameras.kept import Wanted, kept_frames
from devices.frame_files import KeptFrame
from tests.dashboards.city import City, Clock
from tests.dashboards.footage import Footage

PATH = "/api/v1/cameras/cam-01/frames"
MIDNIGHT = datetime(2026, 11, 21, tzinfo=UTC)
NOT_KEPT = (
    "20261121T140210.000Z-change",
    "latest",
    "..",
    "..%2F..%2Flatest",
    "20261121T140210.000Z-..%2F..%2Flatest",
    "20261341T140210.000Z-change",
    "00000000T000000.000Z-x",
    "00010101T000000.000Z-x",
    "20261121T140210.000Z-" + "x" * 50,
    "%00",
    "x" * 5_000,
)


@pytest.fixture
async def camera(city: City) -> None:
    await city.add("cam-01", "camera")


async def test_kept_frames_are_listed_the_newest_first_with_where_their_pictures_are(
    camera: None, wall: httpx.AsyncClient, clock: Clock, footage: Footage
) -> None:
    footage.keep("cam-01", clock.now() - timedelta(hours=25))
    footage.keep("cam-01", clock.now() - timedelta(hours=15), "covered-before")
    footage.keep("cam-01", clock.now() - timedelta(milliseconds=7), "change", b"picture")
    answer = (await wall.get(PATH)).json()
    assert answer["next"] is None
    assert answer["items"] == [
        {
            "name": "20261121T140209.993Z-change",
            "captured_at": "2026-11-21T14:02:09.993000Z",
            "reason": "change",
            "url": "/api/v1/cameras/cam-01/frames/20261121T140209.993Z-change.jpg",
        },
        {
            "name": "20261120T230210.000Z-covered-before",
            "captured_at": "2026-11-20T23:02:10Z",
            "reason": "covered-before",
            "url": "/api/v1/cameras/cam-01/frames/20261120T230210.000Z-covered-before.jpg",
        },
    ]
    picture = await wall.get(answer["items"][0]["url"])
    assert (picture.status_code, picture.content, picture.headers["content-type"]) == (200, b"picture", "image/jpeg")
    assert picture.headers["cache-control"] == "private, max-age=3600, immutable"
    assert picture.headers["x-captured-at"] == "2026-11-21T14:02:09.993Z"
    again = await wall.get(answer["items"][0]["url"], headers={"If-None-Match": picture.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_pages_follow_each_other_without_a_gap_or_a_repetition(
    camera: None, wall: httpx.AsyncClient, clock: Clock, footage: Footage
) -> None:
    names = [footage.keep("cam-01", clock.now() - timedelta(hours=3 * n, seconds=1)) for n in range(8)]
    names.insert(2, footage.keep("cam-01", clock.now() - timedelta(hours=3, seconds=1), "covered-before"))
    names[1:3] = sorted(names[1:3], reverse=True)
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await wall.get(PATH, params={"limit": 2, "cursor": cursor})).json()
        found += [item["name"] for item in page["items"]]
        cursor = page["next"]
    assert found == names


async def test_a_reason_and_a_span_choose(
    camera: None, wall: httpx.AsyncClient, clock: Clock, footage: Footage
) -> None:
    footage.keep("cam-01", MIDNIGHT - timedelta(milliseconds=1), "change")
    footage.keep("cam-01", MIDNIGHT, "change")
    footage.keep("cam-01", MIDNIGHT, "change-after")
    footage.keep("cam-01", MIDNIGHT + timedelta(hours=1), "change")

    async def names(**params: str) -> list[str]:
        return [item["name"] for item in (await wall.get(PATH, params=params)).json()["items"]]

    span = {"from": "2026-11-21T00:00:00Z", "to": "2026-11-21T01:00:00Z"}
    assert await names(**span) == ["20261121T000000.000Z-change-after", "20261121T000000.000Z-change"]
    assert await names(**span, reason="change") == ["20261121T000000.000Z-change"]
    assert await names(**span, reason="../..") == []
    inside = {"from": "2026-11-20T23:59:59.9985Z", "to": "2026-11-21T00:00:00.000001Z"}
    assert len(await names(**inside)) == 3
    assert await names(**{"from": "2026-11-20T23:59:59.9995Z", "to": "2026-11-21T00:00:00Z"}) == []


async def test_a_span_without_length_or_end_is_refused(camera: None, wall: httpx.AsyncClient) -> None:
    for params in (
        {"from": "2026-11-21T00:00:00Z", "to": "2026-11-21T00:00:00Z"},
        {"from": "2026-10-01T00:00:00Z", "to": "2026-11-21T00:00:00Z"},
        {"from": "1970-01-01T00:00:00Z"},
        {"from": "yesterday"},
        {"cursor": "x"},
    ):
        assert (await wall.get(PATH, params=params)).status_code == 422, params


async def test_a_name_that_is_not_kept_is_404_wherever_it_points(
    camera: None, wall: httpx.AsyncClient, clock: Clock, footage: Footage
) -> None:
    footage.capture("cam-01", clock.now())
    footage.keep("cam-01", clock.now(), "regular")
    for name in NOT_KEPT:
        answer = await wall.get(f"{PATH}/{name}.jpg")
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json"), name


def test_only_the_days_of_the_span_are_listed_and_strangers_among_the_files_are_passed_over(tmp_path: Path) -> None:
    """Folders of other days are made unlistable: as files."""
    footage = Footage(tmp_path)
    name = footage.keep("cam-01", MIDNIGHT + timedelta(hours=5))
    day = tmp_path / "cam-01" / "kept" / "2026-11-21"
    for stranger in ("notes.txt", "20261121T050000.000Z-regular.jpg.part", "20261121T059900.000Z-x.jpg", ".jpg"):
        (day / stranger).touch()
    for other in ("2026-11-20", "2026-11-22", "lost+found"):
        (day.parent / other).touch()
    wanted = Wanted(start=MIDNIGHT, end=MIDNIGHT + timedelta(hours=23))
    assert [frame.name for frame in kept_frames(tmp_path / "cam-01", wanted)] == [name]
    assert list(kept_frames(tmp_path / "cam-02", wanted)) == []


async def test_a_disk_that_cannot_be_read_is_said_to_be_so(
    camera: None, wall: httpx.AsyncClient, clock: Clock, footage: Footage
) -> None:
    """A folder in the picture's place: the one refusal that root meets, too."""
    frame = KeptFrame(captured_at=clock.now(), reason="change")
    (footage.folder / "cam-01" / frame.path).mkdir(parents=True)
    answer = await wall.get(f"{PATH}/{frame.name}.jpg")
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")

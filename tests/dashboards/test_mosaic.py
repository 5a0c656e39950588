"""Many cameras in one picture, none of them older than it looks."""

from datetime import timedelta

import cv2
import httpx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dashboards.cameras.captions import Captions
from dashboards.cameras.lettering import Picture
from dashboards.cameras.mosaic import HEIGHT_MAX, TILE_WIDTH_MIN, Grid, Painter
from dashboards.cameras.placard import hatched, placard
from dashboards.settings import DashboardsSettings
from tests.dashboards.city import START, City, Clock
from tests.dashboards.footage import BLUE, GREEN, RED, Footage, jpeg_of

PATH = "/api/v1/mosaic.jpg"


def _decoded(jpeg: bytes) -> Picture:
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return picture.astype(np.uint8)


def _is(picture: Picture, colour: tuple[int, int, int]) -> bool:
    """Whether its middle is of that colour, as far as JPEG keeps one."""
    height, width = picture.shape[:2]
    middle = picture[height * 2 // 5 : height * 3 // 5, width * 2 // 5 : width * 3 // 5]
    return bool(np.abs(middle.astype(int) - colour).max() < 40)


def _is_hatched(picture: Picture) -> bool:
    """Whether there are diagonal stripes of two darks where neither name nor words are."""
    height, width = picture.shape[:2]
    strip = slice(height * 17 // 20, height * 19 // 20)
    return bool(np.abs(picture[strip].astype(int) - hatched(width, height)[strip]).mean() < 8)


async def test_each_camera_is_in_its_tile_and_a_stale_or_missing_one_is_hatched(
    wall: httpx.AsyncClient, city: City, clock: Clock, footage: Footage
) -> None:
    for camera in ("cam-01", "cam-02", "cam-03", "cam-04"):
        await city.add(camera, "camera")
    footage.capture("cam-01", clock.now(), jpeg_of(RED, 1_280, 720))
    footage.capture("cam-02", clock.now() - timedelta(seconds=21), jpeg_of(GREEN, 1_280, 720))
    footage.capture("cam-04", clock.now() - timedelta(seconds=20), jpeg_of(BLUE, 160, 90))
    answer = await wall.get(PATH, params={"width": 800})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.headers["cache-control"] == "no-store"
    picture = _decoded(answer.content)
    assert picture.shape == (450, 800, 3)
    assert _is(picture[:225, :400], RED)
    assert _is_hatched(picture[:223, 400:798])
    assert _is_hatched(picture[225:448, :398])
    assert _is(picture[225:, 400:], BLUE)
    assert not _is(picture[:225, 400:], GREEN)


async def test_ids_choose_the_cameras_and_their_order(
    wall: httpx.AsyncClient, city: City, clock: Clock, footage: Footage
) -> None:
    for camera, colour in (("cam-01", RED), ("cam-02", GREEN), ("cam-03", BLUE)):
        await city.add(camera, "camera")
        footage.capture(camera, clock.now(), jpeg_of(colour))
    answer = await wall.get(PATH, params={"ids": "cam-03,cam-01,cam-03", "columns": 2, "width": 640})
    picture = _decoded(answer.content)
    assert picture.shape == (180, 640, 3)
    assert _is(picture[:, :320], BLUE)
    assert _is(picture[:, 320:], RED)


async def test_an_area_chooses_the_cameras(wall: httpx.AsyncClient, city: City, clock: Clock, footage: Footage) -> None:
    await city.add("cam-01", "camera", area="Lengkiti")
    await city.add("cam-02", "camera", area="Ulu Ogan")
    footage.capture("cam-02", clock.now(), jpeg_of(GREEN))
    assert _is(_decoded((await wall.get(PATH, params={"area": "Ulu Ogan"})).content), GREEN)


async def test_a_spoilt_picture_is_shown_as_none(
    wall: httpx.AsyncClient, city: City, clock: Clock, footage: Footage
) -> None:
    await city.add("cam-01", "camera")
    huge = jpeg_of(RED).replace((180).to_bytes(2) + (320).to_bytes(2), b"\xff\xf0\xff\xf0")
    for spoilt in (b"no picture", jpeg_of(RED)[:30], jpeg_of(RED)[:200] + b"\xff" * 9, huge):
        footage.capture("cam-01", clock.now(), spoilt)
        answer = await wall.get(PATH, params={"width": 640})
        assert answer.status_code == 200
        assert not _is(_decoded(answer.content), RED)
        clock.pass_seconds(1)


async def test_who_asks_within_a_second_is_given_the_same_picture_and_then_a_new_one(
    wall: httpx.AsyncClient, city: City, clock: Clock, footage: Footage
) -> None:
    await city.add("cam-01", "camera")
    footage.capture("cam-01", clock.now(), jpeg_of(RED))
    first = await wall.get(PATH)
    footage.capture("cam-01", clock.now(), jpeg_of(GREEN))
    assert (await wall.get(PATH)).content == first.content
    assert _is(_decoded((await wall.get(PATH, params={"width": 640})).content), GREEN)
    clock.pass_seconds(1)
    assert _is(_decoded((await wall.get(PATH)).content), GREEN)


async def test_a_hundred_cameras_fit_and_more_must_be_chosen_from(
    wall: httpx.AsyncClient, city: City, clock: Clock, footage: Footage
) -> None:
    for number in range(100):
        await city.add(f"cam-{number:03}", "camera")
        footage.capture(f"cam-{number:03}", clock.now(), jpeg_of(GREEN))
    picture = _decoded((await wall.get(PATH, params={"width": 1_280})).content)
    assert picture.shape == (720, 1_280, 3)
    assert _is(picture[-72:, -128:], GREEN)
    await city.add("cam-100", "camera")
    assert (await wall.get(PATH)).status_code == 422
    assert (await wall.get(PATH, params={"ids": "cam-100"})).status_code == 200


async def test_what_cannot_be_drawn_is_refused(wall: httpx.AsyncClient, city: City) -> None:
    await city.add("cam-01", "camera")
    await city.add("fp-001")
    refused: list[tuple[dict[str, str], int]] = [
        ({"ids": "cam-01,cam-99"}, 404),
        ({"ids": "fp-001"}, 404),
        ({"ids": ","}, 404),
        ({"ids": ",".join(f"cam-{number}" for number in range(101))}, 422),
        ({"ids": "x" * 6_501}, 422),
        ({"area": "Nowhere"}, 404),
        ({"width": "160", "columns": "3"}, 422),
        ({"width": "159"}, 422),
        ({"columns": "21"}, 422),
    ]
    for params, status in refused:
        answer = await wall.get(PATH, params=params)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), params


@given(st.integers(1, 100), st.none() | st.integers(1, 20), st.integers(160, 3_840))
def test_every_tile_has_a_place_of_its_own_and_no_picture_is_larger_than_may_be(
    count: int, columns: int | None, width: int
) -> None:
    try:
        grid = Grid.of(count, columns, width)
    except ValueError:
        return
    assert grid.tile_width >= TILE_WIDTH_MIN
    assert grid.width <= width
    assert grid.height <= HEIGHT_MAX
    places = [grid.place(number) for number in range(count)]
    assert len({(rows.start, columns.start) for rows, columns in places}) == count
    assert all(0 < rows.stop <= grid.height and 0 < columns.stop <= grid.width for rows, columns in places)


@given(st.integers(80, 700), st.text(max_size=60), st.lists(st.text(max_size=40), min_size=1, max_size=3))
def test_a_placard_can_be_drawn_in_any_size_with_any_words(width: int, name: str, lines: list[str]) -> None:
    height = width * 9 // 16 - 2
    picture = placard(width, height, name, lines)
    assert (picture.shape, picture.dtype) == ((height, width, 3), np.uint8)


def test_captions_are_in_the_citys_zone_and_the_screens_language() -> None:
    indonesian = Captions.of(DashboardsSettings(), None)
    english = Captions.of(DashboardsSettings(time_zone="Asia/Makassar", zone_label="WITA"), "en")
    assert indonesian.taken(START - timedelta(seconds=3.9), START) == "21:02:06 WIB  3 dtk"
    assert english.taken(START + timedelta(seconds=1), START) == "22:02:11 WITA  0 s"
    ago = START - timedelta(minutes=5)
    assert indonesian.missing(ago, START) == ("TIDAK ADA GAMBAR", "sejak 20:57:10 WIB")
    assert english.missing(ago, START) == ("NO PICTURE", "since 21:57:10 WITA")
    assert english.missing(START - timedelta(days=1), START) == ("NO PICTURE", "since 20-11-2026", "22:02:10 WITA")
    assert english.missing(None, START) == ("NO PICTURE YET",)
    assert english.missing(START + timedelta(hours=1), START) == ("NO PICTURE",)


def test_a_painter_says_which_cameras_are_really_to_be_seen(footage: Footage) -> None:
    footage.capture("cam-01", START)
    footage.capture("cam-02", START - timedelta(minutes=1))
    painter = Painter(folder=footage.folder, captions=Captions.of(DashboardsSettings(), "en"), fresh_seconds=20)
    cameras = [("cam-01", "Fresh"), ("cam-02", "Stale"), ("cam-03", "None")]
    assert painter.mosaic(cameras, Grid.of(3, None, 640), START).shown == ("cam-01",)

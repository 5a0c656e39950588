"""Names on pictures: in strokes that know ASCII only, and within the room there is."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.cameras.jpeg_size import jpeg_size
from dashboards.cameras.lettering import ascii_of, height_for, shortened, width_of
from tests.dashboards.footage import RED, jpeg_of


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Kamera Simpang Tihang", "Kamera Simpang Tihang"),
        ("Çağ — “Ogan”", 'Cag - "Ogan"'),
        ("Łódź, Đà Nẵng", "Lodz, Da Nang"),
        ("½ ﬁ Ⅳ", "1?2 fi IV"),
        ("監視 1\n", "?? 1?"),
    ],
)
def test_letters_lose_their_accents_and_strangers_show_as_question_marks(name: str, shown: str) -> None:
    assert ascii_of(name) == shown


@given(st.text(max_size=100), st.integers(80, 2_000), st.integers(7, 60))
def test_whatever_a_camera_is_called_its_name_fits(name: str, width: int, height: int) -> None:
    plain = ascii_of(name)
    assert plain.isascii()
    assert plain.isprintable()
    assert width_of(shortened(plain, width, height), height) <= width


def test_of_a_long_name_the_end_is_shown_for_there_the_names_differ() -> None:
    name, height = "Kamera Simpang Empat Lengkiti", 12
    assert shortened(name, width_of(name, height), height) == name
    assert shortened(name, width_of(name, height) - 1, height) == "..Simpang Empat Lengkiti"
    assert shortened("Kemalaraja", width_of("..malaraja", height), height) == "..malaraja"


def test_letters_shrink_to_the_room_there_is_but_stay_letters() -> None:
    assert height_for("TIDAK ADA GAMBAR", 10_000, 40) == 40
    assert width_of("TIDAK ADA GAMBAR", height_for("TIDAK ADA GAMBAR", 300, 40)) <= 310
    assert height_for("TIDAK ADA GAMBAR", 1, 40) == 7


@given(st.integers(1, 300), st.integers(1, 300))
def test_the_size_in_a_header_is_what_a_decoder_makes_of_it(width: int, height: int) -> None:
    _, encoded = cv2.imencode(".jpg", np.zeros((height, width, 3), np.uint8))
    assert jpeg_size(encoded.tobytes()) == (width, height)


@given(st.integers(0, 700), st.binary(max_size=20))
def test_half_a_header_and_a_spoilt_one_are_no_header_or_one_of_some_size(length: int, noise: bytes) -> None:
    spoilt = jpeg_of(RED)[:length] + noise
    size = jpeg_size(spoilt)
    assert size is None or min(size) >= 1

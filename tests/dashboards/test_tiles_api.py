"""The tiles under the map: any part of a large file, and nothing of it that is not there."""

from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from dashboards.city.settings import CitySettings
from dashboards.geography.geography import Geography
from dashboards.geography.tiles_api import satisfiable

PATH = "/api/v1/tiles.pmtiles"
CONTENT = b"PMTiles\x03" + bytes(range(256)) * 1_000


def _settled(app: FastAPI, file: Path | None) -> None:
    app.state.centre = replace(app.state.centre, city=CitySettings(geography=Geography(tiles_file=file)))


async def test_parts_of_the_file_are_served_as_they_are_asked_for(
    app: FastAPI, reader: httpx.AsyncClient, tmp_path: Path
) -> None:
    file = tmp_path / "oku.pmtiles"
    file.write_bytes(CONTENT)
    _settled(app, file)
    whole = await reader.get(PATH)
    assert (whole.status_code, whole.content) == (200, CONTENT)
    assert (whole.headers["content-type"], whole.headers["accept-ranges"]) == ("application/vnd.pmtiles", "bytes")
    assert whole.headers["cache-control"] == "private, max-age=86400"
    for asked, part, told in (
        ("bytes=0-16383", CONTENT[:16_384], "bytes 0-16383/256008"),
        ("bytes=256000-999999", CONTENT[256_000:], "bytes 256000-256007/256008"),
        ("bytes=256000-", CONTENT[256_000:], "bytes 256000-256007/256008"),
        ("bytes=-8", CONTENT[-8:], "bytes 256000-256007/256008"),
    ):
        answer = await reader.get(PATH, headers={"Range": asked, "Accept-Encoding": "gzip"})
        assert (answer.status_code, answer.content, answer.headers["content-range"]) == (206, part, told)
        assert answer.headers["etag"] == whole.headers["etag"]
        assert "content-encoding" not in answer.headers
    for asked in ("bytes=256008-", "bytes=9-3", "bytes=0-1,4-5", "bytes=-0", "bytes=-", "lines=1-2", "bytes=a-b"):
        answer = await reader.get(PATH, headers={"Range": asked})
        assert (answer.status_code, answer.headers["content-range"]) == (416, "bytes */256008"), asked
        assert answer.headers["content-type"] == "application/problem+json"
    file.unlink()
    answer = await reader.get(PATH)
    assert (answer.status_code, answer.json()["detail"]) == (503, "The tiles cannot be read at present.")
    _settled(app, None)
    assert (await reader.get(PATH)).status_code == 404


@pytest.mark.parametrize("asked", ["bytes=" + "9" * 15 + "-", "bytes=1-0", "", "bytes", "bytes=0-1, 2-3"])
def test_what_cannot_be_given_is_not_promised(asked: str) -> None:
    assert not satisfiable(asked, 1_000)

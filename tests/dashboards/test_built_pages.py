"""The pages as they are built and served: whole, packed, named by what is in them, and small enough for a bad line."""

import gzip
import re

import httpx
import pytest

from dashboards.built_pages import built_pages

PAGES = ("wall", "desk", "phone")
NAMED = re.compile(r'(?:src|href)="(/assets/[^"]+)"')


async def test_each_page_names_only_files_that_are_there(technician: httpx.AsyncClient) -> None:
    for page in PAGES:
        document = await technician.get(f"/{page}")
        assert document.headers["content-type"] == "text/html; charset=utf-8"
        assert document.headers["cache-control"] == "no-store"
        named = NAMED.findall(document.text)
        assert len(named) >= 2
        for path in named:
            answer = await technician.get(path)
            assert answer.status_code == 200, path
            assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
            assert answer.headers["content-type"].startswith(("text/javascript", "text/css"))


async def test_a_file_is_packed_for_whoever_takes_that(technician: httpx.AsyncClient) -> None:
    (path, *_) = NAMED.findall((await technician.get("/wall")).text)
    plain = await technician.get(path, headers={"Accept-Encoding": "identity"})
    packed = await technician.get(path, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    for answer in (plain, packed):  # the middleware that packs other answers may say it once more
        assert set(answer.headers["vary"].split(", ")) == {"Accept-Encoding"}
    assert packed.content == plain.content  # the client unpacks


async def test_what_was_not_built_is_not_there(technician: httpx.AsyncClient) -> None:
    for name in ("no-such.js", "..%2fmanifest.json", "index.html"):
        assert (await technician.get(f"/assets/{name}")).status_code == 404


async def test_the_desk_is_one_document_for_all_its_addresses(technician: httpx.AsyncClient) -> None:
    desk = (await technician.get("/desk")).text
    assert (await technician.get("/desk/incidents/7")).text == desk == (await technician.get("/desk/oncall")).text


def test_the_build_has_a_name_of_its_own() -> None:
    assert re.fullmatch(r"[0-9a-f]{12}", built_pages().build)


@pytest.mark.parametrize(("page", "most"), [("wall", 650_000), ("desk", 400_000), ("phone", 50_000)])
def test_a_page_is_no_larger_on_the_wire_than_it_may_be(page: str, most: int) -> None:
    """With everything it names at once; what it only fetches when it must is not counted."""
    files = built_pages().files
    document = files[f"{page}/index.html"]
    named = [files[path.removeprefix("/")] for path in NAMED.findall(document.plain.decode())]
    assert sum(len(gzip.compress(file.plain, 9)) for file in [document, *named]) <= most

"""The pages as Vite built them: a document for each, and files whose names tell what is in them."""

import gzip
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from dashboards.problem import Problem
from dashboards.words import Language

MEDIA = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".ogg": "audio/ogg",
}
# Under a name that carries the contents' hash nothing ever changes: a browser need not ask again.
FOR_EVER = {"Cache-Control": "private, max-age=31536000, immutable"}
# Under a name that stays the same, whether it still holds is asked each time, and answered in a line.
ASK_AGAIN = {"Cache-Control": "private, no-cache"}
# What a phone keeps beside the page, and the headers of each. A service worker is for what lies below its own folder,
# unless the server says more: the page is `/phone`, without a slash.
PHONE_FILES: Mapping[str, Mapping[str, str]] = {
    "sw.js": {"Service-Worker-Allowed": "/phone"},
    "manifest.webmanifest": {},
    "icon-192.png": {},
    "icon-512.png": {},
}
# What shrinks by less than this share is sent as it is.
WORTH_PACKING = 0.9
NO_FILE = ("Berkas ini tidak ada.", "There is no such file.")


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltFile:
    """`packed`: the same as gzip, where that is worth it."""

    media: str
    plain: bytes
    packed: bytes | None

    def response(self, request: Request, headers: Mapping[str, str] | None = None) -> Response:
        """Packed for whoever takes that."""
        given = {"Vary": "Accept-Encoding", **(headers or {})}
        if self.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(self.packed, media_type=self.media, headers=given | {"Content-Encoding": "gzip"})
        return Response(self.plain, media_type=self.media, headers=given)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltPages:
    """`files` by their path below `dashboards/built`; `build` names this very build."""

    files: Mapping[str, BuiltFile]
    build: str


@cache
def built_pages() -> BuiltPages:
    """Read once per process: what is served and what `build` says are of one build. Empty where none was built."""
    folder = files("dashboards") / "built"
    found = dict(_files(folder)) if folder.is_dir() else {}
    told = hashlib.sha256()
    for path, file in sorted(found.items()):
        told.update(path.encode() + b"\0" + hashlib.sha256(file.plain).digest())
    return BuiltPages(files=found, build=told.hexdigest()[:12])


async def home(lang: Language | None = None) -> Response:
    """Whoever names no page is shown the wall."""
    return RedirectResponse("/wall" if lang is None else f"/wall?lang={lang}", 303)


async def wall(request: Request) -> Response:
    """The wall."""
    return _file("wall/index.html").response(request)


async def desk(request: Request) -> Response:
    """The operator's pages: one document, which reads from its own address what to show."""
    return _file("desk/index.html").response(request)


async def phone(request: Request) -> Response:
    """The technician's page."""
    return _file("phone/index.html").response(request)


async def phone_file(request: Request, name: str) -> Response:
    """The phone's service worker, its manifest and icons."""
    if name not in PHONE_FILES:
        raise Problem(404, NO_FILE)
    headers = {**ASK_AGAIN, **PHONE_FILES[name], "ETag": f'"{built_pages().build}"'}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return _file(f"phone/{name}").response(request, headers)


async def asset(request: Request, name: str) -> Response:
    """A file that a page names."""
    return _file(f"assets/{name}").response(request, FOR_EVER)


def _file(path: str) -> BuiltFile:
    pages = built_pages()
    if not pages.files:
        raise Problem(
            503,
            (
                "Halaman belum dibangun: `make setup` membangunnya.",
                "The pages are not built: `make setup` builds them.",
            ),
        )
    if path not in pages.files:
        raise Problem(404, NO_FILE)
    return pages.files[path]


def _files(folder: Traversable, below: PurePosixPath = PurePosixPath()) -> Iterator[tuple[str, BuiltFile]]:  # noqa: B008
    for entry in folder.iterdir():
        path = below / entry.name
        if entry.is_dir():
            yield from _files(entry, path)
        elif path.suffix in MEDIA:
            yield str(path), _read(entry.read_bytes(), MEDIA[path.suffix])


def _read(plain: bytes, media: str) -> BuiltFile:
    packed = gzip.compress(plain, 9, mtime=0)
    return BuiltFile(media=media, plain=plain, packed=packed if len(packed) < WORTH_PACKING * len(plain) else None)

"""Which build of the pages this process serves."""

from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

NOT_BUILT = "none"


@cache
def build() -> str:
    """Another word for every other content of dashboards/built; read once, as the pages are."""
    folder = files("dashboards") / "built"
    return build_of(folder) if folder.is_dir() else NOT_BUILT


def build_of(folder: Traversable) -> str:
    digest = sha256()
    for name, content in sorted(_walk(folder, "")):
        digest.update(f"{name}:{len(content)}:".encode() + content)
    return digest.hexdigest()[:16]


def _walk(folder: Traversable, path: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        name = f"{path}/{entry.name}"
        found += _walk(entry, name) if entry.is_dir() else [(name, entry.read_bytes())]
    return found

"""Who is watching a camera's stream: so many at most, and each only for as long as its token opens anything."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from dashboards import metrics
from dashboards.crowd import Bounds

TOO_MANY = ("Terlalu banyak siaran kamera yang terbuka.", "Too many camera streams are open.")
TOO_MANY_OF_ONE = (
    "Terlalu banyak siaran kamera terbuka dengan akun atau token ini.",
    "Too many camera streams are open with this account or token.",
)


@dataclass(slots=True, eq=False)
class Viewer:
    """One open stream of pictures. `closed`: it ends before its next picture, its token opens nothing any more."""

    token: int
    holder: str
    closed: bool = False


class Viewers:
    """Nothing is queued for anybody: a viewer takes the newest picture when its connection has room for one."""

    def __init__(self, *, viewers_max: int, of_one_max: int) -> None:
        self._bounds = Bounds(most=viewers_max, of_one=of_one_max, full=TOO_MANY, enough=TOO_MANY_OF_ONE)
        self._viewers: set[Viewer] = set()

    def tokens(self) -> set[int]:
        """Ids of the tokens that opened these streams."""
        return {viewer.token for viewer in self._viewers}

    def keep_only(self, tokens: set[int]) -> None:
        """End the streams of all other tokens: they were revoked, or ran out."""
        for viewer in self._viewers:
            viewer.closed = viewer.closed or viewer.token not in tokens

    @contextmanager
    def joined(self, token: int, holder: str) -> Iterator[Viewer]:
        """Raises Problem where there are as many as may be, over all or of one."""
        if refusal := self._bounds.refusal([viewer.holder for viewer in self._viewers], holder):
            metrics.VIEWERS_REFUSED.inc()
            raise refusal
        viewer = Viewer(token, holder)
        self._viewers.add(viewer)
        metrics.VIEWERS.inc()
        try:
            yield viewer
        finally:
            self._viewers.discard(viewer)
            metrics.VIEWERS.dec()

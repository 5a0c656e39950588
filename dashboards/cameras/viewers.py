"""Who is watching a camera's stream: so many at most, and each only for as long as its token opens anything."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from dashboards import metrics
from dashboards.problem import RETRY_SECONDS, Problem


@dataclass(slots=True, eq=False)
class Viewer:
    """One open stream of pictures. `closed`: it ends before its next picture, its token opens nothing any more."""

    token: int
    closed: bool = False


class Viewers:
    """Nothing is queued for anybody: a viewer takes the newest picture when its connection has room for one."""

    def __init__(self, *, viewers_max: int) -> None:
        self._viewers_max = viewers_max
        self._viewers: set[Viewer] = set()

    def tokens(self) -> set[int]:
        """Ids of the tokens that opened these streams."""
        return {viewer.token for viewer in self._viewers}

    def keep_only(self, tokens: set[int]) -> None:
        """End the streams of all other tokens: they were revoked, or ran out."""
        for viewer in self._viewers:
            viewer.closed = viewer.closed or viewer.token not in tokens

    @contextmanager
    def joined(self, token: int) -> Iterator[Viewer]:
        """Raises Problem where there are as many as may be."""
        if len(self._viewers) >= self._viewers_max:
            metrics.VIEWERS_REFUSED.inc()
            raise Problem(
                503,
                ("Terlalu banyak siaran kamera yang terbuka.", "Too many camera streams are open."),
                headers={"Retry-After": RETRY_SECONDS},
            )
        viewer = Viewer(token)
        self._viewers.add(viewer)
        metrics.VIEWERS.inc()
        try:
            yield viewer
        finally:
            self._viewers.discard(viewer)
            metrics.VIEWERS.dec()

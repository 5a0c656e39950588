"""Pure: when to ask again whether a camera's pictures still have the size that they were opened with."""

from datetime import timedelta
from typing import Final

# An encoder that is set anew begins with a key frame out of turn. Not all do, hence also every so often.
ODD: Final = 0.2
MIN_PAUSE: Final = timedelta(seconds=20)


class Recheck:
    """Every `interval`, and MIN_PAUSE after the last time when key frames come out of turn; never where it is zero."""

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval
        self._asked: timedelta | None = None
        self._last: timedelta | None = None
        self._usual: timedelta | None = None

    def due(self, stream_time: timedelta) -> bool:
        """For the time of each key frame. Counts as asked where it says so."""
        odd = self._out_of_turn(stream_time)
        if self._asked is None or stream_time < self._asked:
            self._asked = stream_time
        pause = MIN_PAUSE if odd else self._interval
        if not self._interval or stream_time - self._asked < pause:
            return False
        self._asked = stream_time
        return True

    def _out_of_turn(self, stream_time: timedelta) -> bool:
        distance = None if self._last is None else stream_time - self._last
        usual, self._usual, self._last = self._usual, distance, stream_time
        return usual is not None and distance is not None and abs(distance - usual) > usual * ODD

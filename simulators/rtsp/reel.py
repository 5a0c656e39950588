"""Recordings one after the other on one running clock."""

from dataclasses import dataclass
from fractions import Fraction

from simulators.rtsp.recording import AccessUnit, Recording, Track


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """An access unit and when it is shown: `timestamp` in ticks of its track's clock since the reel began."""

    unit: AccessUnit
    track: Track
    timestamp: int


class Reel:
    """Plays a recording again and again, and changes to another where a viewer can follow: at a key frame.

    A recording of other media takes over at once: nobody who follows the one can follow the other.
    The clock runs on over every change, and never drifts, whatever the rates. Begins with unit number `index`.
    """

    def __init__(self, recording: Recording, index: int = 0) -> None:
        self.seconds = Fraction(0)  # how long the reel has played when the next unit is due
        self._playing = recording
        self._awaited = recording
        self._index = index % len(recording.units)

    @property
    def recording(self) -> Recording:
        """What plays, or will from the next key frame on: the one that a new viewer gets to see."""
        return self._awaited

    @property
    def next_key(self) -> int:
        """Which of the recording's units will be shown at the next key frame."""
        if self._changes:
            return 0
        keys = [index for index, unit in enumerate(self._playing.units) if unit.is_key]
        return next((index for index in keys if index >= self._index), keys[0])

    def change(self, recording: Recording) -> None:
        self._awaited = recording

    def advance(self) -> Shot:
        if self._changes and (self._playing.units[self._index].is_key or self._other_media):
            self._playing, self._index = self._awaited, 0
        playing = self._playing
        shot = Shot(
            unit=playing.units[self._index],
            track=playing.track,
            timestamp=int(self.seconds * playing.track.clock_hz),
        )
        self._index = (self._index + 1) % len(playing.units)
        self.seconds += Fraction(1, playing.rate)
        return shot

    @property
    def _changes(self) -> bool:
        return self._awaited is not self._playing

    @property
    def _other_media(self) -> bool:
        return self._awaited.track.media != self._playing.track.media

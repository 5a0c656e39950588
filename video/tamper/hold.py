"""Pure: how long one kind of tampering has been seen, and whether that is long enough."""

from dataclasses import dataclass, replace
from typing import Self

from video.tamper.settings import HoldSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """`seconds` towards the next change: while waiting, how long it has been seen; while holding, how long it is gone.

    One odd frame among many takes its own time back, not all that was counted: it delays, and decides nothing.
    `held_seconds` is how long it was watched holding. All is time of watched picture, not of the clock.
    """

    holding: bool = False
    seconds: float = 0.0
    held_seconds: float = 0.0

    @property
    def pending(self) -> bool:
        """Seen, and not yet long enough."""
        return not self.holding and self.seconds > 0

    def step(self, *, seen: bool, seconds: float, settings: HoldSettings) -> Self:
        """The hold after `seconds` more of watched picture; a change starts counting anew."""
        counted = max(0.0, self.seconds + (seconds if seen is not self.holding else -seconds))
        if counted >= (settings.clear_seconds if self.holding else settings.begin_seconds):
            return type(self)(holding=not self.holding)
        return replace(self, seconds=counted, held_seconds=self.held_seconds + seconds if self.holding else 0.0)

"""Pure: which of a person's contacts is tried, and which next."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from alerts.oncall.technician import Contact

# A message that was not delivered for so long is passed on to the next contact; it is not taken back
# before all is over.
PASS_ON_AFTER = timedelta(seconds=60)


def next_rung(contacts: Sequence[Contact], channels: Collection[str], *, after: int = -1) -> int | None:
    """The number of the next contact whose channel exists and works; where none works, of the next that exists.

    None when there is no further one. `channels` are those that work, and should name those that exist where none does.
    """
    return next((rung for rung in range(after + 1, len(contacts)) if contacts[rung].channel in channels), None)

"""Pure: which five-minute buckets a batch of readings makes due for rolling up."""

from collections import defaultdict
from collections.abc import Sequence

from devices.reading import Reading

BUCKET_SECONDS = 300
BUCKET_US = BUCKET_SECONDS * 1_000_000
# A bucket is rolled up so long after it closed; what comes for it later is late.
SETTLE_SECONDS = 30
SETTLE_US = SETTLE_SECONDS * 1_000_000

# (start of the bucket in epoch seconds, the series; None where all series of the bucket are to be rolled up)
Due = tuple[int, list[int] | None]


def due_buckets(readings: Sequence[Reading], series: Sequence[int]) -> list[Due]:
    """One entry per touched bucket. `series` are the readings' series numbers, in the same order.

    What comes in time needs no names: its bucket will be rolled up whole, once. A late reading names its series, so
    that a device which delivers a month of its own does not have the month of all devices computed again.
    """
    whole: set[int] = set()
    named: dict[int, set[int]] = defaultdict(set)
    for reading, number in zip(readings, series, strict=True):
        bucket = reading.time_us // BUCKET_US
        if reading.received_us < (bucket + 1) * BUCKET_US + SETTLE_US:
            whole.add(bucket)
        else:
            named[bucket].add(number)
    return [(bucket * BUCKET_SECONDS, None) for bucket in sorted(whole)] + [
        (bucket * BUCKET_SECONDS, sorted(numbers)) for bucket, numbers in sorted(named.items())
    ]

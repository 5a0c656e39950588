"""What ingest counts. Names are a promise to dashboards and alerts of the operators' own."""

from collections import Counter as Tally
from collections.abc import Sequence

from prometheus_client import Counter, Gauge, Histogram

from devices.reading import Reason
from ingest.intake import Intake
from ingest.message import Message
from ingest.stored import Stored

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 5, 15, 60, 300, 3600, 86_400)
SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)

RECEIVED = Counter("pantau_ingest_messages_received", "MQTT messages received, redeliveries among them.")
COMMITTED = Counter("pantau_ingest_readings_committed", "Readings committed that were not there before.")
REPEATED = Counter("pantau_ingest_messages_repeated", "Messages delivered again whose rows were committed already.")
DUPLICATE = Counter("pantau_ingest_readings_duplicate", "Readings that were there already with the same value.")
CONFLICTING = Counter("pantau_ingest_readings_conflicting", "Readings at a time that has another value already.")
REJECTED = Counter("pantau_ingest_rejected", "Messages, elements and values refused.", ["reason"])
BATCH_MESSAGES = Histogram("pantau_ingest_batch_messages", "Messages per committed batch.", buckets=SIZES)
BATCH_AGE = Histogram("pantau_ingest_batch_age_seconds", "Age of a batch's oldest message at commit.", buckets=SECONDS)
COMMIT = Histogram("pantau_ingest_commit_seconds", "Time one commit took.", buckets=SECONDS)
DEVICE_LAG = Histogram(
    "pantau_ingest_device_lag_seconds", "From the oldest live reading's own time to its commit.", buckets=SECONDS
)
IN_FLIGHT = Gauge("pantau_ingest_messages_in_flight", "Messages received and not yet acknowledged.")
PAUSES = Counter("pantau_ingest_pauses", "Times the broker was left unread because too much waited for its commit.")
# There from the start, so that the first of each reason is seen as an increase.
for reason in Reason:
    REJECTED.labels(reason)
CONNECTS = Counter("pantau_ingest_connects", "Connections to the broker.", ["session"])
ROLLED_UP = Counter("pantau_ingest_buckets_rolled_up", "Five-minute buckets rolled up.", ["extent"])


def session_resumed(*, resumed: bool) -> None:
    """A connect; `session="new"` after the first means that the broker had forgotten what it kept for us."""
    CONNECTS.labels("resumed" if resumed else "new").inc()


def count(messages: Sequence[Message], intake: Intake, stored: Stored, now_us: int) -> None:
    """What one committed batch adds."""
    COMMITTED.inc(stored.committed)
    DUPLICATE.inc(stored.duplicate)
    CONFLICTING.inc(stored.conflicting)
    for reason, refusals in Tally(refusal.rejected.reason for refusal in intake.refusals).items():
        REJECTED.labels(reason).inc(refusals)
    BATCH_MESSAGES.observe(len(messages))
    BATCH_AGE.observe(max(0, now_us - messages[0].received_us) / 1e6)
    oldest_us = min((reading.time_us for reading in intake.readings if not reading.historical), default=None)
    if oldest_us is not None:
        DEVICE_LAG.observe(max(0, now_us - oldest_us) / 1e6)

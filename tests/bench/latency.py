"""From publish to committed, row by row: Postgres itself says when each row's transaction was committed."""

from tests.bench.figures import Figure, figure
from tests.bench.line import Load, fresh_line, measure

LOAD = Load(messages=30_000, rate=1_000)
# The reading's own time is the moment of its publishing; the clock is this machine's for both.
LATENCIES = """
select percentile_cont(array[0.5, 0.99, 1.0]) within group (
    order by extract(epoch from pg_xact_commit_timestamp(xmin) - time) * 1000
) from reading
"""


def figures(runs: int) -> list[Figure]:
    found = []
    for _ in range(runs):
        with fresh_line(LOAD.devices, settings={"track_commit_timestamp": "on"}) as line:
            measure(line, LOAD)
            found.append(line.ask(LATENCIES)[0][0])
    p50, p99, worst = zip(*found, strict=True)
    name = "publish to committed, 1,000 messages/s"
    return [
        figure(f"{name}: p50", "ms", p50, most=120),
        figure(f"{name}: p99", "ms", p99, most=400),
        figure(f"{name}: worst", "ms", worst),
    ]

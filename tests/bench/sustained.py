"""A minute at the promised rate: broker, database, publisher and ingest on the same cores."""

from tests.bench.figures import Figure, figure
from tests.bench.line import Cost, Load, fresh_line, measure

MINUTE = 60
ONE = Load(messages=MINUTE * 10_500, rate=10_500)
TEN = Load(messages=MINUTE * 5_250, rate=5_250, values=10)


def figures(runs: int) -> list[Figure]:
    found = []
    for load, least in ((ONE, 10_000), (TEN, 50_000)):
        costs = [_once(load) for _ in range(runs)]
        name = f"sustained a minute, {load.values} value{'s' if load.values > 1 else ''} a message"
        rates = [load.messages * load.values / cost.seconds for cost in costs]
        found += [
            figure(f"{name}: to commit", "readings/s", rates, least=least),
            figure(f"{name}: last publish to last commit", "s", [cost.drain_seconds for cost in costs]),
            figure(f"{name}: ingest resident", "MiB", [cost.resident_mib for cost in costs], most=200),
            figure(f"{name}: ingest CPU", "us/message", [cost.ingest_us for cost in costs]),
            figure(f"{name}: Postgres CPU", "us/message", [cost.postgres_us for cost in costs]),
        ]
    return found


def _once(load: Load) -> Cost:
    with fresh_line(load.devices) as line:
        cost = measure(line, load)
        assert line.rows() == load.messages * load.values
        return cost

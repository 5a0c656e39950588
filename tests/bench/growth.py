"""What a message costs when the city grows a hundredfold."""

from tests.bench.figures import Figure, figure
from tests.bench.line import Load, fresh_line, measure

MESSAGES = 200_000
RATE = 8_000


def figures(runs: int) -> list[Figure]:
    costs: dict[int, list[float]] = {227: [], 2_270: [], 22_700: []}
    for _ in range(runs):
        for devices, found in costs.items():
            with fresh_line(devices) as line:
                # Every series is met once beforehand: what is measured is the message, not the first acquaintance.
                measure(line, Load(messages=devices * 10, rate=RATE, devices=devices))
                cost = measure(line, Load(messages=MESSAGES, rate=RATE, devices=devices))
                found.append(cost.ingest_us + cost.postgres_us)
    small = costs[227]
    found = [
        figure(f"CPU of ingest and Postgres, {devices:,} devices", "us/message", costs[devices]) for devices in costs
    ]
    for devices in (2_270, 22_700):
        ratios = [large / little for large, little in zip(costs[devices], small, strict=True)]
        found.append(figure(f"the same, as a ratio to 227 devices: {devices:,}", "ratio", ratios, most=1.3))
    return found

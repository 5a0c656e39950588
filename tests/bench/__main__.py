"""`make bench`: figures beside their goals and their peers, as a table and as JSON."""

import argparse
import sys

from tests.bench import (
    availability,
    broker_loss,
    cameras,
    growth,
    latency,
    paging,
    peers,
    rules,
    screens,
    states,
    sustained,
    tampering,
    wall,
)
from tests.bench.figures import figure, keep, noise, table
from tests.bench.line import LOCAL

BENCHES = {
    "sustained": sustained.figures,
    "latency": latency.figures,
    "peers": peers.figures,
    "growth": growth.figures,
    "states": states.figures,
    "rules": rules.figures,
    "availability": availability.figures,
    "paging": paging.figures,
    "screens": screens.figures,
    "broker_loss": broker_loss.figures,
    "cameras": cameras.figures,
    "tampering": tampering.figures,
    "wall": wall.figures,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHES, []], help="which; all without any")
    parser.add_argument("--runs", type=int, default=3, help="of each; the median counts (default 3)")
    asked = parser.parse_args()
    found, noises = [], [noise()]
    for name in asked.names or BENCHES:
        print(f"bench: {name}", file=sys.stderr, flush=True)
        found += BENCHES[name](asked.runs)
        noises.append(noise())
        print(table(found), flush=True)
    found.append(
        figure("this machine's noise: slowest / fastest of a fixed piece of work", "ratio", [max(noises) / min(noises)])
    )
    print(table(found))
    print(f"kept in {keep(found, LOCAL / 'bench')}")


main()

"""`python -m tests.bench.publisher`: the load, in a process of its own, apart from what is measured."""

import argparse
import asyncio
import time
from itertools import islice

from simulators.city import City
from simulators.load import LoadTerms, publish
from simulators.telemetry import rising, synthetic_devices, telemetry_stream


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--messages", type=int, required=True)
    parser.add_argument("--rate", type=float, required=True)
    parser.add_argument("--values", type=int, default=1)
    parser.add_argument("--devices", type=int, default=227)
    asked = parser.parse_args()
    messages = telemetry_stream(
        synthetic_devices(asked.devices),
        City(seed=1),
        times_us=rising(lambda: time.time_ns() // 1_000),
        values_per_message=asked.values,
    )
    report = asyncio.run(
        publish(islice(messages, asked.messages), LoadTerms(url=asked.url, rate=asked.rate, client_id="bench"))
    )
    assert report.acknowledged == asked.messages, report


if __name__ == "__main__":
    main()

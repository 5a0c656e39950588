"""What a bench says: figures beside their goals, and how noisy the machine was meanwhile."""

import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

Meets = Callable[[float], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """The median of several runs, with the smallest and the largest. `goal` is words; `met` is None without one."""

    name: str
    unit: str
    runs: tuple[float, ...]
    goal: str = ""
    met: bool | None = None

    @property
    def median(self) -> float:
        return statistics.median(self.runs)


def figure(
    name: str, unit: str, runs: Sequence[float], *, least: float | None = None, most: float | None = None
) -> Figure:
    """A figure whose median must be at least or at most so much."""
    median = statistics.median(runs)
    goal = f">= {least:,g}" if least is not None else f"<= {most:,g}" if most is not None else ""
    met = None if not goal else (least is None or median >= least) and (most is None or median <= most)
    return Figure(name=name, unit=unit, runs=tuple(runs), goal=goal, met=met)


def table(figures: Sequence[Figure]) -> str:
    rows = [("figure", "median", "least", "most", "unit", "goal", "")]
    for found in figures:
        numbers = [f"{number:,.3g}" if abs(number) < 100 else f"{number:,.0f}" for number in
                   (found.median, min(found.runs), max(found.runs))]  # fmt: skip
        verdict = {None: "", True: "met", False: "MISSED"}[found.met]
        rows.append((found.name, *numbers, found.unit, found.goal, verdict))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def keep(figures: Sequence[Figure], folder: Path) -> Path:
    """Write the figures as JSON, one file per run of the benches."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{time.strftime('%Y%m%dT%H%M%S')}.json"
    path.write_text(json.dumps([{**asdict(found), "median": found.median} for found in figures], indent=1))
    return path


def noise() -> float:
    """Seconds a fixed piece of work takes now: between benches, its spread is the machine's doing."""
    began = time.perf_counter()
    total = 0
    for number in range(3_000_000):
        total += number * number % 7
    assert total
    return time.perf_counter() - began

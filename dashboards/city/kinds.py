"""Pure: the kinds of devices as a page names them."""

from dashboards.city.shapes import KindWords, MetricWords
from dashboards.words import Language, kind_words, metric_words
from devices.kinds import KINDS, Kind, Metric
from devices.tamper import Tamper

FAULTS = frozenset(Tamper)


def kinds_in(language: Language) -> dict[str, KindWords]:
    """Every kind, with every metric that such a device may report."""
    return {name: _kind(kind, language) for name, kind in KINDS.items()}


def _kind(kind: Kind, language: Language) -> KindWords:
    return KindWords(
        name=kind_words(language).get(kind.name, kind.name),
        interval_seconds=kind.interval_seconds,
        metrics={name: _metric(metric, language) for name, metric in kind.metrics.items()},
    )


def _metric(metric: Metric, language: Language) -> MetricWords:
    name = metric_words(language).get(metric.name, metric.name)
    return MetricWords(name=name, unit=metric.unit, fault=metric.name in FAULTS)

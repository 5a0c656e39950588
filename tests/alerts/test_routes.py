"""Who hears of which alerts, and what is told together."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from alerts.paging.route import Receiver, Route, Terms, key_of, receivers_for
from alerts.settings import AlertSettings
from tests.alerts.city import an_alert


def route(**given: Any) -> Route:  # noqa: ANN401  keys of city.toml
    return Route.model_validate({"channels": ["ops"]} | given)


def test_every_route_that_fits_adds_its_receivers_once_on_the_terms_of_the_first() -> None:
    routes = [
        route(match={"severity": "critical"}),
        route(match={"severity": "warning", "kind": "fibre_point"}, channels=["net", "log"], policy="night"),
        route(channels=["log"], group_by=["area"]),
    ]
    found = receivers_for(an_alert(), routes)
    assert list(map(str, found)) == ["channel:net", "channel:log", "policy:night"]
    assert found[Receiver("channel", "log")] == Terms()


def test_the_terms_are_alertmanagers_unless_given() -> None:
    assert route().terms == Terms(
        wait=timedelta(seconds=30), interval=timedelta(minutes=5), repeat=timedelta(hours=4), group_by=("incident",)
    )
    assert route(group_wait="5s", repeat_interval="1h").terms == Terms(
        wait=timedelta(seconds=5), repeat=timedelta(hours=1)
    )


def test_a_label_of_a_rule_or_of_prometheus_never_stands_for_what_an_alert_is() -> None:
    alert = an_alert(labels={"device": "another", "severity": "critical"})
    assert not receivers_for(alert, [route(match={"severity": "critical"})])


def test_what_has_the_same_labels_is_told_together() -> None:
    alert = an_alert(incident_id=41)
    assert key_of(alert, Terms()) == {"incident": "41"}
    assert key_of(alert, Terms(group_by=("area", "alertname"))) == {"area": "Lengkiti", "alertname": "optical-low"}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"channels": []}, "tells nobody; name channels or a policy"),
        ({"group_interval": "0s"}, "group_interval must be longer than nothing"),
        ({"repeat_interval": "1m"}, "repeat_interval no shorter"),
        ({"group_by": []}, "at least 1 item"),
        ({"group_by": ["colour"]}, "Input should be 'incident'"),
        ({"group_wait": "soon"}, "must be a duration"),
        ({"match": {"severity": "grave"}}, "no severity is called grave"),
        ({"match": {"kind": "toaster"}}, "no kind of device is called toaster"),
    ],
)
def test_a_route_that_cannot_be_meant_is_refused_with_the_reason(given: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        route(**given)


def test_a_route_names_only_what_exists() -> None:
    with pytest.raises(ValidationError, match=r"routes\.0\.channels: no channel is called ops"):
        AlertSettings.model_validate({"routes": [{"channels": ["ops"]}]})
    with pytest.raises(ValidationError, match=r"routes\.0\.policy: no policy is called night"):
        AlertSettings.model_validate({"routes": [{"policy": "night"}]})

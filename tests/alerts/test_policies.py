"""Policies in city.toml, and what is refused with which words."""

import tomllib
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from alerts.oncall.target import Target
from alerts.settings import AlertSettings

NIGHT = """
[[channels]]
name = "ops"
kind = "webhook"
url = "https://example.org/hook"

[[policies]]
name = "night"
repeat = 2

[[policies.steps]]
after_minutes = 10
notify = ["area", "channel:ops"]

[[policies.steps]]
after_minutes = 9000
notify = ["rota:not-there-yet", "technician:kepala"]

[[routes]]
match = { severity = "critical" }
policy = "night"
"""
STEP = {"after_minutes": 5, "notify": ["area"]}


def refusal(**lists: Any) -> str:  # noqa: ANN401  whatever may stand in the file
    with pytest.raises(ValidationError) as refused:
        AlertSettings.model_validate(lists)
    return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in refused.value.errors())


def policy(**changes: Any) -> dict[str, Any]:  # noqa: ANN401  whatever may stand in the file
    return {"name": "night", "steps": [STEP]} | changes


def test_a_policy_loads_and_a_route_may_name_it() -> None:
    wanted = AlertSettings.model_validate(tomllib.loads(NIGHT))
    (night,) = wanted.policies
    assert (wanted.routes[0].policy, night.repeat) == ("night", 2)
    assert [step.after for step in night.steps] == [timedelta(minutes=10), timedelta(minutes=9_000)]
    assert night.steps[0].notify == (Target("area"), Target("channel", "ops"))
    assert list(night.of("rota")) == ["not-there-yet"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "Night"}, "policies.0.name"),
        ({"steps": []}, "policies.0.steps"),
        ({"steps": [STEP] * 11}, "policies.0.steps"),
        ({"repeat": 6}, "policies.0.repeat"),
        ({"repeat": -1}, "policies.0.repeat"),
        ({"steps": [STEP | {"after_minutes": 0}]}, "policies.0.steps.0.after_minutes"),
        ({"steps": [STEP | {"after_minutes": 9_001}]}, "policies.0.steps.0.after_minutes"),
        ({"steps": [STEP | {"notify": []}]}, "policies.0.steps.0.notify"),
        (
            {"steps": [STEP | {"notify": ["area", "area"]}]},
            "policies.0.steps.0.notify: Value error, names something twice",
        ),
        ({"steps": [STEP | {"notify": ["budi"]}]}, 'must be "rota:NAME", "technician:ID", "channel:NAME" or "area"'),
        ({"steps": [STEP, STEP | {"notify": ["channel:x"]}]}, "policies.0.steps.1.notify: no channel is called x"),
        ({"step": [STEP]}, "policies.0.step: Extra inputs are not permitted"),
    ],
)
def test_a_faulty_policy_is_refused_with_its_key_and_the_reason(changes: dict[str, Any], words: str) -> None:
    assert words in refusal(policies=[policy(**changes)])


def test_a_route_to_a_policy_that_does_not_exist_and_two_of_one_name_are_refused() -> None:
    assert "routes.0.policy: no policy is called night" in refusal(routes=[{"policy": "night"}])
    assert "policies: the name night stands twice" in refusal(policies=[policy(), policy()])

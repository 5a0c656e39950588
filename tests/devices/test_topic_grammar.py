"""Topics both ways, under any root."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.device import DEVICE_ID
from devices.topics import Channel, Grammar, Topic

IDS = st.from_regex(DEVICE_ID, fullmatch=True)
LEVELS = st.lists(st.from_regex(r"[a-z0-9]{1,6}", fullmatch=True), min_size=1, max_size=3)


@given(root=LEVELS.map("/".join), device=IDS, channel=st.sampled_from(Channel))
def test_a_formatted_topic_is_parsed_back_under_any_root(root: str, device: str, channel: Channel) -> None:
    grammar = Grammar(root)
    assert grammar.parse(grammar.format(device, channel)) == Topic(device, channel)


@given(st.text(max_size=60))
def test_no_text_breaks_the_grammar(topic: str) -> None:
    parsed = Grammar("a").parse(topic)
    assert parsed is None or Grammar("a").format(parsed.device, parsed.channel) == topic


def test_a_device_may_end_like_the_root() -> None:
    assert Grammar("v1").parse("v1/sensor-v1/telemetry") == Topic("sensor-v1", Channel.TELEMETRY)


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "pantau/v1",
        "pantau/v1/fp-001",
        "pantau/v1/fp-001/",
        "pantau/v1/fp-001/telemetry/",
        "pantau/v1/fp-001/TELEMETRY",
        "pantau/v1/fp-001/command",
        "pantau/v1//telemetry",
        "pantau/v1/FP-001/telemetry",
        "pantau/v1/-fp/telemetry",
        "pantau/v1/fp-001\n/telemetry",
        "pantau/v1/" + 65 * "a" + "/telemetry",
        "pantau/v2/fp-001/telemetry",
        "/pantau/v1/fp-001/telemetry",
        "x/pantau/v1/fp-001/telemetry",
    ],
)
def test_what_is_not_of_the_grammar_is_none(topic: str) -> None:
    assert Grammar().parse(topic) is None


def test_the_filters_match_one_level_for_the_device() -> None:
    assert Grammar().filters() == ("pantau/v1/+/telemetry", "pantau/v1/+/status", "pantau/v1/+/event")

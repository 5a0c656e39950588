import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.rtsp.ports import port_pair
from simulators.rtsp.transports import Channels, Ports, first_acceptable


@pytest.mark.parametrize(
    ("transport", "terms"),
    [
        ("RTP/AVP/TCP;unicast;interleaved=0-1", Channels(media=0, control=1)),
        ("RTP/AVP/TCP;unicast;interleaved=6-7", Channels(media=6, control=7)),
        ("RTP/AVP/TCP;interleaved=4", Channels(media=4, control=5)),
        ("RTP/AVP/TCP;unicast", Channels(media=0, control=1)),
        ("RTP/AVP;unicast;client_port=5000-5001", Ports(media=5000, control=5001)),
        ("RTP/AVP/UDP;unicast;client_port=5000", Ports(media=5000, control=5001)),
        ("RTP/AVP;unicast;destination=192.0.2.1;client_port=5000-5001", Ports(media=5000, control=5001)),
        ("RTP/AVP;unicast;client_port=5000-5001, RTP/AVP/TCP;interleaved=2-3", Ports(media=5000, control=5001)),
        ("RTP/AVP;multicast;port=5000-5001,RTP/AVP/TCP;interleaved=2-3", Channels(media=2, control=3)),
        ("RTP/SAVP;unicast;client_port=5000-5001", None),
        ("RTP/AVP;multicast", None),
        ("RTP/AVP;unicast", None),
        ("RTP/AVP;unicast;client_port=0-1", None),
        ("RTP/AVP;unicast;client_port=65535", None),
        ("RTP/AVP;unicast;client_port=70000-70001", None),
        ("RTP/AVP/TCP;interleaved=255-256", None),
        ("RTP/AVP/TCP;interleaved=255", None),
        ("RTP/AVP/TCP;interleaved=3-3", None),
        ("RTP/AVP/TCP;interleaved=²-³", None),
        ("", None),
    ],
)
def test_the_first_offer_that_can_be_met_is_taken(transport: str, terms: Channels | Ports | None) -> None:
    assert first_acceptable(transport) == terms


@given(st.text())
def test_no_text_is_more_than_unacceptable(transport: str) -> None:
    first_acceptable(f"RTP/AVP/TCP;interleaved={transport}")
    first_acceptable(transport)


def test_what_was_agreed_is_said_in_the_same_words() -> None:
    for terms in (Channels(media=2, control=3), Ports(media=5000, control=5001)):
        assert first_acceptable(str(terms)) == terms


def test_media_are_sent_from_an_even_port_and_reports_from_the_next() -> None:
    with port_pair("127.0.0.1", socket.AF_INET) as (media, control):
        first, second = (own.getsockname()[1] for own in (media, control))
    assert first % 2 == 0
    assert second == first + 1

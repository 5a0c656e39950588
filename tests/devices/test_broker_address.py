import pytest

from devices.broker import BrokerAddress


def test_a_plain_url_has_the_default_port_and_no_login() -> None:
    assert BrokerAddress.parse("mqtt://broker") == BrokerAddress(host="broker", port=1883, tls=False)


def test_a_url_carries_port_user_and_password() -> None:
    address = BrokerAddress.parse("mqtts://city:p%40ss@10.0.0.1:9999")
    assert address == BrokerAddress(host="10.0.0.1", port=9999, tls=True, user="city", password="p@ss")


def test_a_password_is_not_shown() -> None:
    assert "hidden" not in repr(BrokerAddress.parse("mqtt://city:hidden@broker"))


@pytest.mark.parametrize("url", ["http://broker", "broker:1883", "mqtt://", "mqtt://u:hidden@", ""])
def test_what_is_no_broker_is_refused_without_showing_a_password(url: str) -> None:
    with pytest.raises(ValueError, match="mqtt://") as refusal:
        BrokerAddress.parse(url)
    assert "hidden" not in str(refusal.value)

"""An address to listen on: what is one, and what is said of one that is taken."""

import pytest

from deploy.listen import Address, ListenError, require_free
from deploy.refused import RefusedError


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [("127.0.0.1:8080", "127.0.0.1", 8080), ("localhost:1", "localhost", 1), ("[::1]:65535", "::1", 65_535)],
)
def test_host_and_port_are_read_and_written_alike(text: str, host: str, port: int) -> None:
    address = Address.parse(text, "PANTAU_LISTEN")
    assert (address.host, address.port) == (host, port)
    assert str(address) == text


@pytest.mark.parametrize(
    "text", ["8080", ":8080", "host:", "host:http", "host:0", "host:65536", "::1:8080", "[::1:8080", "[]:1", "h:-1"]
)
def test_what_is_no_address_is_refused_by_its_variable(text: str) -> None:
    with pytest.raises(RefusedError, match=r"^PANTAU_LISTEN: .* is not host:port$"):
        Address.parse(text, "PANTAU_LISTEN")


def test_a_taken_port_is_one_line_that_names_the_variable() -> None:
    with Address("127.0.0.1", 0, "ANY").bound() as sock:
        port = sock.getsockname()[1]
        with pytest.raises(ListenError) as taken, Address("127.0.0.1", port, "PANTAU_LISTEN").bound():
            pass
    assert str(taken.value) == (
        f"cannot listen on 127.0.0.1:{port} (Address already in use): "
        "stop what holds that port, or set PANTAU_LISTEN to another"
    )


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_a_host_that_is_not_ours_is_one_line_too(host: str) -> None:
    with pytest.raises(ListenError, match=f"^cannot listen on {host}:9 .*: set PANTAU_LISTEN to another$"):
        require_free([Address(host, 9, "PANTAU_LISTEN")])


def test_every_taken_port_is_told_at_once_and_free_ones_are_left_free() -> None:
    with Address("127.0.0.1", 0, "ANY").bound() as one, Address("127.0.0.1", 0, "ANY").bound() as two:
        ports = [one.getsockname()[1], two.getsockname()[1]]
        with pytest.raises(ListenError) as taken:
            require_free(Address("127.0.0.1", port, "PANTAU_OPS_LISTEN") for port in [*ports, 0])
    assert [line.split(" (")[0] for line in str(taken.value).splitlines()] == [
        f"cannot listen on 127.0.0.1:{port}" for port in ports
    ]
    require_free(Address("127.0.0.1", port, "PANTAU_OPS_LISTEN") for port in ports)

"""Who is let in, and what the others are told."""

import re
from base64 import b64encode

import pytest

from simulators.rtsp.login import NONCE_SECONDS, Guard, Login, Scheme, digest_response
from simulators.rtsp.requests import Request

URI = "rtsp://host/cam-01"
DIGEST = Login(user="operator", password="rahasia")
BASIC = Login(user="operator", password="a:b", scheme=Scheme.BASIC)


class Clock:
    seconds = 1_800_000_000.0

    def __call__(self) -> float:
        return self.seconds


def guard(login: Login, clock: Clock | None = None, secret: bytes = b"secret") -> Guard:
    return Guard(login, secret, clock or Clock())


def request(authorization: str | None = None, method: str = "DESCRIBE", uri: str = URI) -> Request:
    headers = {} if authorization is None else {"authorization": authorization}
    return Request(method=method, uri=uri, headers=headers)


def challenged(by: Guard) -> dict[str, str]:
    challenge = by.challenge(request())
    assert challenge is not None
    return dict(re.findall(r'(\w+)="([^"]*)"', challenge))


def answer(by: Guard, login: Login = DIGEST, **changes: str) -> str:
    """What a client that knows `login` says, when it was challenged."""
    given = {**challenged(by), "uri": URI, "username": login.user, **changes}
    given["response"] = digest_response(login, "DESCRIBE", given)
    return "Digest " + ", ".join(f'{name}="{value}"' for name, value in given.items())


def test_the_response_is_that_of_the_rfcs_example() -> None:
    login = Login(user="Mufasa", password="Circle Of Life")
    given = {
        "realm": "testrealm@host.com",
        "nonce": "dcd98b7102dd2f0e8b11d0f600bfb0c093",
        "uri": "/dir/index.html",
        "qop": "auth",
        "nc": "00000001",
        "cnonce": "0a4f113b",
    }
    assert digest_response(login, "GET", given) == "6629fae49393a05397450978507c4ef1"  # RFC 2617 3.5


@pytest.mark.parametrize("scheme", Scheme)
def test_who_says_nothing_is_asked_for_the_login(scheme: Scheme) -> None:
    challenge = guard(Login(user="u", password="p", scheme=scheme)).challenge(request())
    assert challenge is not None
    assert challenge.startswith(f'{scheme} realm="camera"')
    assert "stale" not in challenge


@pytest.mark.parametrize("name", ["Basic", "basic"])
def test_who_knows_the_login_is_let_in_by_basic(name: str) -> None:
    token = b64encode(b"operator:a:b").decode()
    assert guard(BASIC).challenge(request(f"{name} {token}")) is None


@pytest.mark.parametrize("said", ["Basic", "Basic x", "Basic " + b64encode(b"operator:b").decode(), "Digest x", "é"])
def test_who_does_not_know_it_is_asked_again(said: str) -> None:
    assert guard(BASIC).challenge(request(said)) is not None
    assert guard(DIGEST).challenge(request(said)) is not None


@pytest.mark.parametrize("client", ["with qop", "without, as RFC 2069 has it"])
def test_who_knows_the_login_is_let_in_by_digest(client: str) -> None:
    door = guard(DIGEST)
    said = answer(door, nc="00000001", cnonce="abc") if client == "with qop" else answer(door)
    if client != "with qop":
        without = {name: value for name, value in challenged(door).items() if name != "qop"} | {"uri": URI}
        response = digest_response(DIGEST, "DESCRIBE", without)
        said = "Digest " + ", ".join(f'{name}="{value}"' for name, value in (without | {"response": response}).items())
    assert door.challenge(request(said)) is None


@pytest.mark.parametrize(
    "login", [Login(user="operator", password="rahasiA"), Login(user="Operator", password="rahasia")]
)
def test_another_password_or_user_is_asked_again(login: Login) -> None:
    door = guard(DIGEST)
    challenge = door.challenge(request(answer(door, login)))
    assert challenge is not None
    assert "stale" not in challenge


def test_an_answer_is_good_for_its_own_method_and_uri_only() -> None:
    door = guard(DIGEST)
    said = answer(door)
    assert door.challenge(request(said, method="SETUP")) is not None
    assert door.challenge(request(said, uri=URI + "/trackID=0")) is not None
    assert door.challenge(request(answer(door, uri="rtsp://host/cam-02"))) is not None


def test_an_old_nonce_is_stale_and_the_new_one_is_good() -> None:
    clock = Clock()
    door = guard(DIGEST, clock)
    said = answer(door)
    clock.seconds += NONCE_SECONDS
    assert door.challenge(request(said)) is None
    clock.seconds += 1
    challenge = door.challenge(request(said))
    assert challenge is not None
    assert challenge.endswith("stale=true")
    assert door.challenge(request(answer(door))) is None


@pytest.mark.parametrize("nonce", ["", "1800000000", "1800000000-0123", "x-y", "²-³", "9" * 30 + "-1"])
def test_a_nonce_that_is_not_ours_is_neither_good_nor_stale(nonce: str) -> None:
    door = guard(DIGEST)
    challenge = door.challenge(request(answer(door, nonce=nonce)))
    assert challenge is not None
    assert "stale" not in challenge


def test_another_cameras_nonce_is_not_ours() -> None:
    said = answer(guard(DIGEST, secret=b"other"))
    assert guard(DIGEST).challenge(request(said)) is not None


def test_a_password_is_not_part_of_what_a_login_prints() -> None:
    assert "rahasia" not in repr(DIGEST)

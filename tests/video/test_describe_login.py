"""The examples of the specifications, and what cameras make of them."""

import pytest

from video.rtsp.login import Challenge, authorization, challenges

REALM, NONCE = "http-auth@example.org", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
CLIENT_NONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"


def digest(login: tuple[str, str], **parameters: str) -> str:
    challenge = Challenge(scheme="digest", parameters=parameters)
    return authorization(challenge, login, method="GET", uri="/dir/index.html", client_nonce=CLIENT_NONCE)


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_examples_of_rfc_7616(algorithm: str, response: str) -> None:
    """3.9.1."""
    header = digest(("Mufasa", "Circle of Life"), realm=REALM, nonce=NONCE, qop="auth, auth-int", algorithm=algorithm)
    assert f'response="{response}"' in header
    assert f"algorithm={algorithm}, qop=auth, nc=00000001" in header
    assert "Circle" not in header


def test_the_example_of_rfc_2069_for_cameras_without_qop() -> None:
    """2.4, with the response that its errata correct."""
    header = digest(
        ("Mufasa", "CircleOfLife"),
        realm="testrealm@host.com",
        nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",
        opaque="5ccc069c403ebaf9f0171e9517f40e41",
    )
    assert 'response="1949323746fe6a43ef61f9606e7febea"' in header
    assert 'opaque="5ccc069c403ebaf9f0171e9517f40e41"' in header
    assert "qop" not in header
    assert "nc=" not in header


def test_a_session_algorithm_hashes_the_nonces_into_the_identity() -> None:
    login = ("Mufasa", "Circle of Life")
    plain = digest(login, realm=REALM, nonce=NONCE, qop="auth", algorithm="MD5")
    session = digest(login, realm=REALM, nonce=NONCE, qop="auth", algorithm="MD5-sess")
    assert plain.split("response=")[1][:34] != session.split("response=")[1][:34]
    assert "algorithm=MD5-sess" in session


def test_basic_is_the_example_of_rfc_7617() -> None:
    """2."""
    (challenge,) = challenges(['Basic realm="WallyWorld"'])
    header = authorization(challenge, ("Aladdin", "open sesame"), method="DESCRIBE", uri="rtsp://h/1", client_nonce="")
    assert header == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="


def test_the_strongest_way_of_login_is_taken_first() -> None:
    offered = challenges(
        ['Basic realm="camera", Digest realm="camera", nonce="1"', 'Digest realm="c", nonce="2", algorithm=SHA-256']
    )
    assert [(each.scheme, each.algorithm) for each in offered] == [
        ("digest", "SHA-256"),
        ("digest", "MD5"),
        ("basic", "MD5"),
    ]


def test_a_way_of_login_that_nobody_knows_is_no_challenge_to_answer() -> None:
    assert challenges(['Digest realm="camera", nonce="1", algorithm=SHA3-512', "Bearer", "Negotiate abc=="]) == []


def test_a_quote_in_a_realm_stays_in_it() -> None:
    (challenge,) = challenges([r'Digest realm="the \"back\" door, Basic a", nonce="1", stale=TRUE'])
    assert challenge.parameters["realm"] == 'the "back" door, Basic a'
    assert challenge.stale
    header = authorization(challenge, ("a", "b"), method="DESCRIBE", uri="rtsp://h/1", client_nonce="")
    assert r'realm="the \"back\" door, Basic a"' in header

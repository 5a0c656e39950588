"""Who may watch: Basic and Digest access authentication (RFC 7617, RFC 2617, RFC 7616), as RTSP uses them."""

import hmac
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import md5

from simulators.rtsp.requests import Request

REALM = "camera"
NONCE_SECONDS = 300  # then a client is asked to begin anew with a fresh one

_PARAMETER = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s,"]+))')


class Scheme(StrEnum):
    BASIC = "Basic"
    DIGEST = "Digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """What a camera asks for. Of ASCII, and no quotes."""

    user: str
    password: str = field(repr=False)
    scheme: Scheme = Scheme.DIGEST


class Guard:
    """Lets in who knows the login, and tells the others how to ask.

    A nonce carries its own time, sealed with `secret`, so none is kept; `now` is in seconds since any fixed moment.
    A nonce is good for many requests, and how many (nc) is not watched: who can replay one sees the pictures anyway.
    """

    def __init__(self, login: Login, secret: bytes, now: Callable[[], float]) -> None:
        self._login = login
        self._secret = secret
        self._now = now

    def challenge(self, request: Request) -> str | None:
        """The WWW-Authenticate to answer with, or None for a request that is let in."""
        if self._login.scheme is Scheme.BASIC:
            return None if self._is_basic(request) else f'Basic realm="{REALM}"'
        found = _PARAMETER.findall(_authorization(request, Scheme.DIGEST))
        given = {name.lower(): quoted or bare for name, quoted, bare in found}
        known = self._is_digest(request, given)
        if known and self._is_fresh(given["nonce"]):
            return None
        # Stale: the password was right, so the client need not ask for another (RFC 7616 3.3).
        stale = ", stale=true" if known and self._is_ours(given["nonce"]) else ""
        return f'Digest realm="{REALM}", nonce="{self._nonce(int(self._now()))}", qop="auth", algorithm=MD5{stale}'

    def _is_basic(self, request: Request) -> bool:
        expected = b64encode(f"{self._login.user}:{self._login.password}".encode()).decode()
        return _same(_authorization(request, Scheme.BASIC), expected)

    def _is_digest(self, request: Request, given: dict[str, str]) -> bool:
        """For this very request (RFC 7616 3.4.6): the URI in the answer must be that of the request line."""
        expected = digest_response(self._login, request.method, {**given, "uri": request.uri, "realm": REALM})
        return given.get("uri") == request.uri and _same(given.get("response", ""), expected)

    def _is_fresh(self, nonce: str) -> bool:
        return self._is_ours(nonce) and self._now() - int(nonce.partition("-")[0]) <= NONCE_SECONDS

    def _is_ours(self, nonce: str) -> bool:
        time = nonce.partition("-")[0]
        return re.fullmatch(r"[0-9]{1,20}", time) is not None and _same(nonce, self._nonce(int(time)))

    def _nonce(self, time: int) -> str:
        return f"{time}-{hmac.digest(self._secret, str(time).encode(), 'sha256').hex()}"


def digest_response(login: Login, method: str, given: dict[str, str]) -> str:
    """The response to a challenge (RFC 7616 3.4.1); without qop it is that of RFC 2069, which most cameras speak.

    `given` holds realm, nonce and uri, and qop, nc and cnonce where qop is used; what is missing counts as empty.
    """
    realm, nonce, uri = (given.get(name, "") for name in ("realm", "nonce", "uri"))
    who, what = _md5(f"{login.user}:{realm}:{login.password}"), _md5(f"{method}:{uri}")
    if "qop" not in given:
        return _md5(f"{who}:{nonce}:{what}")
    return _md5(f"{who}:{nonce}:{given.get('nc', '')}:{given.get('cnonce', '')}:{given['qop']}:{what}")


def _authorization(request: Request, scheme: Scheme) -> str:
    """What follows the scheme's name, "" when it is another one or none."""
    name, _, rest = request.headers.get("authorization", "").partition(" ")
    return rest.strip() if name.lower() == scheme.lower() else ""


def _md5(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def _same(given: str, expected: str) -> bool:
    """In a time that does not tell how much of it was right."""
    return hmac.compare_digest(given.encode(), expected.encode())

"""Pure: answering a camera that asks who we are (RFC 7617 Basic, RFC 7616 Digest, RFC 2617 before it)."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from video.rtsp.message import TEXT

# The strongest first (RFC 7616, 3.7). A challenge without an algorithm means MD5 (RFC 2617, 3.2.1).
STRENGTHS: Final = ("SHA-256", "MD5", "BASIC")
SESSION = "-SESS"
ONCE = "00000001"

# RFC 7235, 2.1: a scheme, then its parameters; a quoted one may hold anything, commas and schemes too.
_PARAMETER_OR_SCHEME = re.compile(r'([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([A-Za-z][\w-]*)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """`scheme` is in lower case; `parameters` by lower-case name, unquoted."""

    scheme: str
    parameters: Mapping[str, str]

    @property
    def algorithm(self) -> str:
        """In upper case, with -SESS where the camera asks for it."""
        return self.parameters.get("algorithm", "MD5").upper()

    @property
    def stale(self) -> bool:
        """The password was right, the nonce too old (RFC 7616, 3.3)."""
        return self.parameters.get("stale", "").lower() == "true"


def challenges(headers: Iterable[str]) -> list[Challenge]:
    """All challenges that we can answer, the strongest first; `headers` are the values of WWW-Authenticate."""
    found = [challenge for header in headers for challenge in _in_header(header)]
    return [challenge for strength in STRENGTHS for challenge in found if _strength(challenge) == strength]


def authorization(challenge: Challenge, login: tuple[str, str], *, method: str, uri: str, client_nonce: str) -> str:
    """The value of the Authorization header. It is a secret: hand it on, and keep it nowhere."""
    if challenge.scheme == "basic":
        return "Basic " + b64encode(":".join(login).encode()).decode()
    return _digest(challenge, login, method=method, uri=uri, client_nonce=client_nonce)


def _digest(challenge: Challenge, login: tuple[str, str], *, method: str, uri: str, client_nonce: str) -> str:
    """RFC 7616, 3.4: with `qop` where the camera offers it, else as in RFC 2069, which most cameras still speak."""
    user, password = login
    given = challenge.parameters
    realm, nonce = given.get("realm", ""), given.get("nonce", "")
    identity = _hashed(challenge, user, realm, password)
    if challenge.algorithm.endswith(SESSION):
        identity = _hashed(challenge, identity, nonce, client_nonce)
    protected = "auth" in re.split(r"[\s,]+", given.get("qop", "").lower())
    counted = (ONCE, client_nonce, "auth") if protected else ()
    response = _hashed(challenge, identity, nonce, *counted, _hashed(challenge, method, uri))
    quoted = {"username": user, "realm": realm, "nonce": nonce, "uri": uri, "response": response}
    quoted |= {name: given[name] for name in ("opaque",) if name in given}
    bare = {name: given[name] for name in ("algorithm",) if name in given}
    if protected:
        quoted |= {"cnonce": client_nonce}
        bare |= {"qop": "auth", "nc": ONCE}
    fields = [f'{name}="{_escaped(value)}"' for name, value in quoted.items()]
    return "Digest " + ", ".join(fields + [f"{name}={value}" for name, value in bare.items()])


def _hashed(challenge: Challenge, *parts: str) -> str:
    name = challenge.algorithm.removesuffix(SESSION).replace("-", "").lower()
    return hashlib.new(name, ":".join(parts).encode(*TEXT), usedforsecurity=False).hexdigest()


def _in_header(header: str) -> list[Challenge]:
    found: list[Challenge] = []
    for name, quoted, bare, scheme in _PARAMETER_OR_SCHEME.findall(header):
        if scheme:
            found.append(Challenge(scheme=scheme.lower(), parameters={}))
        elif found:
            value = re.sub(r"\\(.)", r"\1", quoted) or bare
            found[-1] = replace(found[-1], parameters={**found[-1].parameters, name.lower(): value})
    return found


def _strength(challenge: Challenge) -> str | None:
    """Its place in STRENGTHS; None for what we do not speak."""
    if challenge.scheme == "digest":
        return challenge.algorithm.removesuffix(SESSION)
    return "BASIC" if challenge.scheme == "basic" else None


def _escaped(value: str) -> str:
    return re.sub(r'(["\\])', r"\\\1", value)

"""Pure: where a camera's stream is, and who we are to it."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from video.credentials import Credentials, redacted, with_credentials

# RFC 2326, 3.2; RFC 7826, 4.2.
DEFAULT_PORTS = {"rtsp": 554, "rtsps": 322}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The address of a stream, main or sub, and the credentials for it. `url` and repr carry no secret."""

    address: str = field(repr=False)
    credentials: Credentials | None = None

    @property
    def url(self) -> str:
        """The address without user and password, as it stands in a request."""
        return redacted(self.address)

    @property
    def secret_url(self) -> str:
        """The address with user and password, for the one call that opens."""
        return with_credentials(self.address, self.credentials)

    @property
    def scheme(self) -> str:
        return urlsplit(self.address).scheme

    @property
    def host_and_port(self) -> tuple[str, int]:
        """Raises ValueError for what is no address of an RTSP stream; RFC 2326 has printable ASCII only."""
        parts = urlsplit(self.address)
        readable = self.address.isascii() and self.address.isprintable()
        # Behind the host an @ means a password with a slash in it: what looks like the host is the user.
        torn = "@" in f"{parts.path}{parts.query}{parts.fragment}"
        if torn or not (parts.hostname and parts.scheme in DEFAULT_PORTS and readable):
            raise ValueError("not an RTSP address")
        return parts.hostname, DEFAULT_PORTS[parts.scheme] if parts.port is None else parts.port

    @property
    def login(self) -> tuple[str, str] | None:
        """User and password: those given, else those in the address."""
        if self.credentials is not None:
            return self.credentials.user, self.credentials.password.get_secret_value()
        parts = urlsplit(self.address)
        return (unquote(parts.username), unquote(parts.password or "")) if parts.username else None

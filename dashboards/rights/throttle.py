"""Pure: how often somebody may try a password."""

from collections import OrderedDict
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

WINDOW = timedelta(minutes=5)
# Wrong passwords within the window. One person who mistypes meets the first; who goes through names from one place the
# second; who has many addresses for one name the third.
OF_NAME_HERE, OF_ADDRESS, OF_NAME = 10, 50, 100
# Behind one IPv6 address stands a whole network of them, all of one household or office.
HOUSEHOLD_BITS = 64


class Throttle:
    """At most `attempts` failures per key within a window that begins with the first of them.

    It remembers at most `keys_max` keys; beyond that the oldest is forgotten, so an attacker with that many addresses
    gains attempts, never our memory.
    """

    def __init__(self, *, attempts: int = OF_NAME_HERE, window: timedelta = WINDOW, keys_max: int = 10_000) -> None:
        self._attempts = attempts
        self._window = window
        self._keys_max = keys_max
        self._failures: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    def wait(self, key: str, now: datetime) -> timedelta | None:
        """How long this key must wait before it may try again, None where it may now."""
        began, count = self._failures.get(key, (now, 0))
        left = began + self._window - now
        return left if count >= self._attempts and left > timedelta() else None

    def failed(self, key: str, now: datetime) -> None:
        began, count = self._failures.pop(key, (now, 0))
        if now - began >= self._window:
            began, count = now, 0
        self._failures[key] = (began, count + 1)
        while len(self._failures) > self._keys_max:
            self._failures.popitem(last=False)

    def succeeded(self, key: str) -> None:
        self._failures.pop(key, None)

    def took_back(self, key: str) -> None:
        """One attempt was no failure; those before it still count."""
        began, count = self._failures.get(key, (None, 0))
        if began is not None and count > 0:
            self._failures[key] = (began, count - 1)


class Attempts:
    """Passwords tried: of a name from an address, from an address over all names, of a name over all addresses.

    An attempt counts as a failure from its beginning, for a password takes long to check, and a thousand at once would
    all have been let through. An address from which a name has signed in before does not meet that name's own limit:
    else anybody could keep the operator out of the control room.
    """

    def __init__(self, *, known_max: int = 10_000) -> None:
        self._here = Throttle()
        self._address = Throttle(attempts=OF_ADDRESS)
        self._name = Throttle(attempts=OF_NAME)
        self._known_max = known_max
        self._known: OrderedDict[str, None] = OrderedDict()

    def wait(self, address: str, name: str, now: datetime) -> timedelta | None:
        """How long to wait before this name may be tried from this address, None where it may be now."""
        here, place = _keys(address, name)
        waits = [self._here.wait(here, now), self._address.wait(place, now)]
        if here not in self._known:
            waits.append(self._name.wait(name, now))
        return max((wait for wait in waits if wait is not None), default=None)

    def tried(self, address: str, name: str, now: datetime) -> None:
        here, place = _keys(address, name)
        self._here.failed(here, now)
        self._address.failed(place, now)
        self._name.failed(name, now)

    def succeeded(self, address: str, name: str) -> None:
        """Only what was wrong of this name here is forgotten: one password known is no leave to try those of others."""
        here, place = _keys(address, name)
        self._here.succeeded(here)
        self._address.took_back(place)
        self._name.took_back(name)
        self._known[here] = None
        self._known.move_to_end(here)
        while len(self._known) > self._known_max:
            self._known.popitem(last=False)


def _keys(address: str, name: str) -> tuple[str, str]:
    place = neighbourhood(address)
    return f"{place} {name}", place


def neighbourhood(address: str) -> str:
    """The address, or of IPv6 the network that one household has."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    return str(parsed.ipv4_mapped or IPv6Address(int(parsed) >> HOUSEHOLD_BITS << HOUSEHOLD_BITS))

"""Pure: what a GSM modem says in text mode (3GPP TS 27.005 and 27.007), and what may be said to it."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

NUMBER = re.compile(r"\+?[0-9]{3,20}")
FAILED = re.compile(r"(?:\+(?P<kind>CMS|CME) ERROR: ?(?P<number>.+)|ERROR)")
LISTED = re.compile(r"\+CMGL: ?(?P<place>[0-9]{1,5}),.*")
READ = re.compile(r'\+CMGR: ?"(?P<status>[^"]*)","(?P<sender>[^"]*)",[^,]*,"(?P<at>[^"]*)".*')
AT = re.compile(r"(\d\d)/(\d\d)/(\d\d),(\d\d):(\d\d):(\d\d)([+-])(\d\d)")
REGISTERED = re.compile(r"\+CE?REG: ?[0-9],(?P<status>[0-9]+)(?:,.*)?")
HEX = re.compile(r"(?:[0-9A-F]{4}){2,}")
# What comes by itself, in the middle of anything.
UNASKED = re.compile(r"(?:\+CMTI:|\+CDSI:|\+CUSD:|\^[A-Z]|\*[A-Z]|RING$|NO CARRIER$|Call Ready$|SMS Ready$).*")
MEANING: Mapping[str, str] = {
    "CMS 21": "message refused by the network",
    "CMS 38": "network out of order",
    "CMS 310": "no SIM",
    "CMS 311": "the SIM wants its PIN",
    "CMS 322": "memory full",
    "CMS 331": "no network",
    "CMS 332": "the network did not answer",
    "CME 10": "no SIM",
    "CME 11": "the SIM wants its PIN",
    "CME 30": "no network",
}
HOME_OR_ROAMING = ("1", "5")
STANDINGS: Mapping[str, str] = {"0": "not registered", "2": "looking for a network", "3": "refused by the network"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A message in the modem's memory; `at` is the time of the network's centre, None where it is not to be read."""

    place: int
    sender: str
    text: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a command came to: the lines before its result, and what the result says went wrong."""

    lines: list[str]
    fault: str | None


def outcome(received: bytes) -> Outcome | None:
    """What came so far, without what came unasked; None while the result is yet to come.

    A result stands after a blank line, so that a message that says OK is none.
    """
    text = received.decode("utf-8", "replace").replace("\r\r\n", "\r\n\r\n")  # an echo, and the answer's own begin
    lines: list[str] = []
    before = ""
    for line in text.split("\r\n")[:-1]:
        if not before and (line == "OK" or FAILED.fullmatch(line)):
            return Outcome(lines=lines, fault=fault(line))
        if line and not UNASKED.fullmatch(line):
            lines.append(line)
        before = line
    return None


def fault(line: str) -> str | None:
    """What a result says went wrong; None for OK."""
    failed = FAILED.fullmatch(line)
    if failed is None:
        return None
    if failed["kind"] is None:
        return line
    meaning = MEANING.get(f"{failed['kind']} {failed['number']}")
    return f"{line} ({meaning})" if meaning else line


def places(lines: Sequence[str]) -> list[int]:
    """Where `AT+CMGL="ALL"` says that there are messages.

    A message may hold a line that looks like the head of another one, sent by whomever. So what is listed is believed
    no further than to look there.
    """
    return sorted({int(listed["place"]) for line in lines if (listed := LISTED.fullmatch(line))})


def incoming(place: int, lines: Sequence[str]) -> Incoming | None:
    """The received message that `AT+CMGR` read; None where there is none, or one that was sent or written.

    Only the first head is the modem's: what looks like one further down is text.
    """
    start = next((number for number, line in enumerate(lines) if line.startswith("+CMGR:")), None)
    head = None if start is None else READ.fullmatch(lines[start])
    if start is None or head is None or not head["status"].startswith("REC "):
        return None
    # In the GSM alphabet @ is byte 0.
    sender, text = (said.replace("\0", "@") for said in (head["sender"], "\n".join(lines[start + 1 :])))
    return Incoming(place=place, sender=sender, text=_readable(text), at=network_time(head["at"]))


def network_time(text: str) -> datetime | None:
    """`26/03/02,12:00:00+28`: the zone is in quarters of an hour."""
    if not (found := AT.fullmatch(text)):
        return None
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    ahead = timedelta(minutes=15 * int(found[8])) * (1 if found[7] == "+" else -1)
    try:
        return datetime(2000 + year, month, day, hour, minute, second, tzinfo=timezone(ahead))
    except ValueError:
        return None


def standing(lines: Sequence[str]) -> str | None:
    """Why the modem is in no network, by its answer to CREG or CEREG; None when it is."""
    found = next((match for line in lines if (match := REGISTERED.fullmatch(line))), None)
    if found is None:
        return "registration unknown"
    return None if found["status"] in HOME_OR_ROAMING else STANDINGS.get(found["status"], "registration unknown")


def plain(text: str) -> str:
    """A short message in characters that every modem takes for the same, one for one.

    In the GSM alphabet @ is byte 0 and _ the flow control's XON, and what needs an escape would end the entry of text.
    """
    alike = str.maketrans("@$_[]{}\\^~|€`", "aS-()()/'-/E'")
    bare = (unicodedata.normalize("NFKD", character)[0] for character in text.translate(alike))
    return "".join(character if " " <= character <= "~" else "?" for character in bare)


def _readable(text: str) -> str:
    """Text with a character that GSM has not got comes as hexadecimal UCS-2."""
    if not HEX.fullmatch(text):
        return text
    return bytes.fromhex(text).decode("utf-16-be", "replace")

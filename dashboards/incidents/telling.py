"""Pure: what happened becomes a line that a person would write."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from alerts.alert import State
from dashboards.incidents import words
from dashboards.incidents.shapes import Happening
from dashboards.incidents.words import Words
from dashboards.notes.shapes import photo_path
from dashboards.words import Language

Facts = Mapping[str, Any]
# What holds back beside a device: see table suppression.
MAINTENANCE, CONTROL_ROOM = "maintenance", "control-room"


def happening(row: Mapping[str, Any], language: Language) -> Happening:
    """A row of queries.TIMELINE."""
    named = {name: row[name] for name in ("at", "heard_at", "kind", "who", "device", "state")}
    facts = {**row["facts"], "state": row["state"]}
    return Happening(**named, text=TELLERS[row["kind"]](Teller(language), facts), photo=photo_path(row["photo"]))


@dataclass(frozen=True, slots=True)
class Teller:
    """Speaks one language."""

    language: Language

    def say(self, sentence: Words, facts: Facts) -> str:
        return sentence[0 if self.language == "id" else 1].format_map(facts)

    def opened(self, facts: Facts) -> str:
        return self.say(words.OPENED if facts["number"] is None else words.OPENED_ANOTHER, facts)

    def resolved(self, facts: Facts) -> str:
        if facts["into"] is not None:
            return self.say(words.MERGED, facts)
        return self.say(words.RESOLVED, {"length": self.length(facts["seconds"])})

    def alert(self, facts: Facts) -> str:
        told = {**facts, "why": f" ({facts['why']})" if facts["why"] else ""}
        return self.say(_of_alert(facts), told)

    def page(self, facts: Facts) -> str:
        return self.say(words.PAGED, self.addressed(facts))

    def delivered(self, facts: Facts) -> str:
        return self.say(words.DELIVERED, self.addressed(facts))

    def failed(self, facts: Facts) -> str:
        return self.say(words.FAILED, self.addressed(facts))

    def suppressed(self, facts: Facts) -> str:
        special = {MAINTENANCE: words.HELD_BY_WORK, CONTROL_ROOM: words.HELD_BLIND}
        return self.say(special.get(facts["cause"], words.HELD), facts)

    def note(self, facts: Facts) -> str:
        return self.say(words.NOTE, _signed(facts))

    def photo(self, facts: Facts) -> str:
        return self.say(words.PHOTO_WITH_TEXT if facts["text"] else words.PHOTO, _signed(facts))

    def addressed(self, facts: Facts) -> Facts:
        """To a person, or to a channel of its own; and why it failed, where it did."""
        to = words.TO_PERSON if facts["name"] else words.TO_CHANNEL
        why = f" ({facts['error']})" if facts["error"] else ""
        return {**facts, "to": self.say(to, facts), "sequence": _numbered(facts), "why": why}

    def length(self, seconds: float) -> str:
        """Its two largest units; what lasted less than a second, 0 seconds."""
        whole = int(seconds)
        counts = (whole // 86_400, whole // 3_600 % 24, whole // 60 % 60, whole % 60)
        first = next((place for place, count in enumerate(counts) if count), 3)
        shown = zip(counts[first : first + 2], words.UNITS[first : first + 2], strict=True)
        return " ".join(f"{count} {self.say(unit, {})}" for count, unit in shown if count or first == 3)


def _signed(facts: Facts) -> Facts:
    """With the number under which it was written, where that is another incident's."""
    number = facts["number"]
    return facts if number is None else {**facts, "name": f"{facts['name']} (#{number})"}


def _numbered(facts: Facts) -> str:
    """The message's number within the incident, or where that is another one, as it stands in the message."""
    number, sequence = facts["number"], facts["sequence"]
    return str(sequence) if number is None else f"#{number}.{sequence}"


def _of_alert(facts: Facts) -> Words:
    before, after = facts["from"], facts["state"]
    match after:
        case State.FIRING:
            return words.GIVEN_BACK if before == State.ACKNOWLEDGED else words.FIRED
        case State.ACKNOWLEDGED:
            return words.TAKEN
        case _ if before == State.RESOLVED:
            return words.TAKEN_LATE
        case _:
            return words.ENDED.get(facts["why"], words.ENDED_BY_HAND)


TELLERS: Mapping[str, Callable[[Teller, Facts], str]] = {
    "opened": Teller.opened,
    "alert": Teller.alert,
    "page": Teller.page,
    "delivered": Teller.delivered,
    "failed": Teller.failed,
    "suppressed": Teller.suppressed,
    "note": Teller.note,
    "photo": Teller.photo,
    "resolved": Teller.resolved,
}

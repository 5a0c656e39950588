"""Pure: a row about an open incident becomes what a phone shows of it, no larger than it must be."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from alerts.alert import Severity
from dashboards.field.carry import carry
from dashboards.field.shapes import FieldAffected, FieldIncident, LatestNote
from dashboards.notes.shapes import photo_path
from dashboards.words import Language

TITLE_MAX = 200
NAME_MAX = 60
NAMES_MAX = 10
NOTE_MAX = 200

BETWEEN = ("antara {above} dan {root}{metres}", "between {above} and {root}{metres}")
OR = (" atau ", " or ")
DECIMAL = (",", ".")


def field_incident(row: Mapping[str, Any], language: Language) -> FieldIncident:
    """From a row of queries.INCIDENTS."""
    name = row["root_name"] or row["root"]
    return FieldIncident(
        **{key: row[key] for key in ("id", "state", "cls", "opened_at", "root", "area", "latitude", "longitude")},
        **{key: row[key] for key in ("acknowledged_by", "acknowledged_at", "mine")},
        title=cut(row["title"], TITLE_MAX),
        severity=Severity(row["severity"]),
        place=place_text(name, row["above"], row["place"].get("metres"), language),
        map_url=map_url(row["latitude"], row["longitude"], name),
        affected=_affected(row["affected"]),
        carry=carry(row["cls"], row["kind"], language),
        latest_note=_note(row),
    )


def place_text(root: str, above: Sequence[str], metres: float | None, language: Language) -> str:
    """Between which points the break lies, where that is known; else the root alone."""
    if not above:
        return cut(root, NAME_MAX)
    column = 0 if language == "id" else 1
    names = OR[column].join(cut(one, NAME_MAX) for one in above)
    return BETWEEN[column].format(above=names, root=cut(root, NAME_MAX), metres=_length(metres, column))


def map_url(latitude: float | None, longitude: float | None, name: str) -> str | None:
    """With a pin that bears the name, as Android and iOS map apps take it."""
    if latitude is None or longitude is None:
        return None
    place = f"{latitude:.6f},{longitude:.6f}"
    return f"geo:{place}?q={place}({quote(cut(name, NAME_MAX))})"


def cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _length(metres: float | None, column: int) -> str:
    if metres is None:
        return ""
    length = f"{metres:.0f} m" if metres < 1_000 else f"{metres / 1_000:.1f} km".replace(".", DECIMAL[column])
    return f" ({length})"


def _affected(stored: Mapping[str, Any]) -> FieldAffected:
    names = [cut(name, NAME_MAX) for name in stored.get("names", [])[:NAMES_MAX]]
    return FieldAffected(count=stored.get("count", 0), by_kind=stored.get("by_kind", {}), names=names)


def _note(row: Mapping[str, Any]) -> LatestNote | None:
    if row["note_at"] is None:
        return None
    text = cut(row["note_text"], NOTE_MAX)
    return LatestNote(at=row["note_at"], who=row["note_who"], text=text, photo=photo_path(row["note_photo"]))

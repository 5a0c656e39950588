"""Pure: why a device is in its state, in sentences that a technician reads, in either language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dashboards.maintenance.shapes import MaintenanceShape
from dashboards.seen import Judged, Standing
from dashboards.shapes import ChainLink
from dashboards.words import Language
from devices.state import Mark, Reason, State

Both = tuple[str, str]

# By the evidence that a state rests on; what stands in braces is filled in.
BECAUSE: Mapping[Reason, Both] = {
    Reason.HEARD: (
        "{name} melapor dalam batas waktunya: laporan terakhir {seen}.",
        "{name} reports within its limits: last report {seen}.",
    ),
    Reason.RULES: (
        "{name} melapor, tetapi aturan ini sedang dilanggar: {rules}.",
        "{name} reports, but these rules hold: {rules}.",
    ),
    Reason.OFFLINE: (
        "{name} sendiri, atau broker atas namanya, menyatakan putus pada {status_at}.",
        "{name} itself, or the broker in its name, said offline at {status_at}.",
    ),
    Reason.SILENCE: (
        "{name} diam sejak {seen}; lebih dari {limit} diam dianggap putus.",
        "{name} has been silent since {seen}; more than {limit} of silence counts as down.",
    ),
    Reason.PROBES: (
        "{failed_probes} pemeriksaan berturut-turut ke {name} tidak dijawab (batasnya {attempts}).",
        "{failed_probes} probes of {name} in a row were not answered (the limit is {attempts}).",
    ),
    Reason.MAINS_OFF: (
        "Sensor pada {name} menyatakan listrik padam.",
        "The sensor on {name} says that the mains are off.",
    ),
    Reason.POWER_OF_ALL: (
        "Yang bergantung pada {name} kehilangan listrik bersamaan: {members}.",
        "What hangs on {name} lost its power together: {members}.",
    ),
    Reason.NEVER_HEARD: ("{name} belum pernah terdengar.", "{name} was never heard from."),
    Reason.BLIND: (
        "Kita sendiri tidak dapat melihat sejak {since}; keadaan {name} tidak diketahui.",
        "We ourselves cannot see since {since}; the state of {name} is not known.",
    ),
}
NOT_JUDGED: Both = (
    "{name} belum dinilai; keadaannya tidak diketahui.",
    "{name} has not been judged yet; its state is not known.",
)
STALE: Both = (
    "Penilaian keadaan berhenti pada {judged}; tidak ada yang diketahui sesudah itu.",
    "Nobody has judged since {judged}; nothing is known of what came after.",
)
CAUSED: Both = (
    "Penyebabnya di atasnya: {root} ({id}) putus sejak {root_since}.",
    "The cause is above it: {root} ({id}) has been down since {root_since}.",
)
NOT_CLEAR: Both = (
    "Apakah {name} sendiri juga rusak, baru diketahui bila {root} kembali.",
    "Whether {name} itself is broken too will be known only when {root} is back.",
)
BETWEEN: Both = ("Jalurnya: {chain}.", "The way there: {chain}.")
RETURNED: Both = (
    "Yang di atasnya sudah kembali; {name} ditunggu sampai {settle} untuk terdengar lagi.",
    "What is above it is back; {name} has until {settle} to be heard again.",
)
WAITING: Both = (
    "Kita melihat lagi; {name} ditunggu sampai {settle} untuk terdengar lagi.",
    "We see again; {name} has until {settle} to be heard again.",
)
FLAPPING: Both = (
    "{name} naik-turun terlalu sering; tiap perubahan tidak lagi diberitakan.",
    "{name} changes too often; its single changes are no longer told.",
)
MAINTENANCE: Both = ("Sedang ada pekerjaan yang diumumkan{work}.", "Announced work is going on{work}.")
WORK: Both = ("{reason} ({owner}, sampai {until})", "{reason} ({owner}, until {until})")
UNITS: Mapping[Language, Sequence[str]] = {"id": ("hari", "jam", "menit", "detik"), "en": ("d", "h", "min", "s")}
SECONDS = (86_400, 3_600, 60, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """In which language, and on whose clock."""

    language: Language
    zone: ZoneInfo
    label: str

    def one(self, both: Both) -> str:
        return both[0] if self.language == "id" else both[1]

    def clock(self, moment: datetime | None) -> str:
        """`21-11-2026 14:02:10 WIB`, as the wall and every page write times; a dash for no time at all."""
        if moment is None:
            return "-"
        return f"{moment.astimezone(self.zone):%d-%m-%Y %H:%M:%S} {self.label}"

    def lasting(self, seconds: float) -> str:
        """`1 jam 30 menit`: the two largest units that say something."""
        rest, parts = round(seconds), []
        for size, unit in zip(SECONDS, UNITS[self.language], strict=True):
            count, rest = divmod(rest, size)
            if count:
                parts.append(f"{count} {unit}")
        return " ".join(parts[:2]) or f"0 {UNITS[self.language][-1]}"


def explain(
    name: str,
    standing: Standing,
    judged: Judged,
    detail: Mapping[str, Any],
    chain: Sequence[ChainLink],
    work: Sequence[MaintenanceShape],
    reader: Reader,
) -> list[str]:
    """Sentences, the most important first. `detail` is the evidence that the engine noted."""
    facts = _facts(name, standing, judged, detail, chain, reader) | {"work": _work(work, reader)}
    return [reader.one(both).format_map(facts) for both in _sentences(standing, judged, chain)]


def _sentences(standing: Standing, judged: Judged, chain: Sequence[ChainLink]) -> Iterator[Both]:
    if not judged.believed:
        yield NOT_JUDGED if judged.at is None else STALE
        return
    yield NOT_JUDGED if standing.reason is None else BECAUSE[standing.reason]
    awaiting = Mark.AWAITING_RECHECK in standing.marks
    if standing.cause is not None and not awaiting:
        yield CAUSED
        if len(chain) > 2:  # somebody stands between the two
            yield BETWEEN
        yield NOT_CLEAR
    if awaiting:
        yield RETURNED if standing.state is State.UNREACHABLE else WAITING
    if Mark.FLAPPING in standing.marks:
        yield FLAPPING
    if Mark.MAINTENANCE in standing.marks:
        yield MAINTENANCE


def _facts(
    name: str,
    standing: Standing,
    judged: Judged,
    detail: Mapping[str, Any],
    chain: Sequence[ChainLink],
    reader: Reader,
) -> dict[str, str]:
    root = chain[-1] if chain else None
    return {
        "name": name,
        "since": reader.clock(standing.since),
        "judged": reader.clock(judged.at),
        "seen": reader.clock(_moment(detail.get("last_seen"))),
        "status_at": reader.clock(_moment(detail.get("status_at"))),
        "settle": reader.clock(_moment(detail.get("settle_until"))),
        "limit": reader.lasting(float(detail.get("silent_after_seconds", 0))),
        "failed_probes": str(detail.get("failed_probes", "")),
        "attempts": str(detail.get("attempts", "")),
        "rules": ", ".join(detail.get("rules", ())),
        "members": ", ".join(detail.get("members", ())),
        "root": root.name if root else "",
        "id": root.id if root else "",
        "root_since": reader.clock(root.since if root else None),
        "chain": " → ".join(link.id for link in chain),
    }


def _work(work: Sequence[MaintenanceShape], reader: Reader) -> str:
    told = [reader.one(WORK).format(reason=one.reason, owner=one.owner, until=reader.clock(one.until)) for one in work]
    return ": " + "; ".join(told) if told else ""


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def age_seconds(moment: datetime | None, now: datetime) -> float | None:
    return None if moment is None else (now - moment) / timedelta(seconds=1)

"""The words of pages, in Bahasa Indonesia and in English: what a technician reads on a small screen in the rain."""

from collections.abc import Mapping

from alerts.incidents.words import Language
from devices.diagnosis import Class

Words = tuple[str, str]

STATUS: Mapping[str, Words] = {
    "critical": ("KRITIS", "CRITICAL"),
    "warning": ("PERINGATAN", "WARNING"),
    "info": ("INFO", "INFO"),
    "resolved": ("PULIH", "RESOLVED"),
    "digest": ("RINGKASAN", "DIGEST"),
}
SINCE: Words = ("Sejak {at}", "Since {at}")
LASTED: Words = ("{since} sampai {until}", "{since} until {until}")
PLACE: Words = ("Tempat: {area}", "Place: {area}")
CAUSE: Words = ("Dugaan: {cause}", "Likely: {cause}")
CARRY: Words = ("Bawa: {tools}", "Carry: {tools}")
BELOW: Words = ("Terdampak: {names}", "Affected: {names}")
MORE: Words = ("dan {count} lagi", "and {count} more")
REPLY: Words = (
    "Balas: {code}a terima, {code}e naik, {code}c tutup",
    "Reply: {code}a acknowledge, {code}e escalate, {code}c close",
)
SEVERAL: Words = ("{count} gangguan", "{count} incidents")
STEP: Words = ("Belum ada yang menerima.", "Nobody has acknowledged this yet.")
DIGEST: Words = ("{count} berita yang ditahan", "{count} messages held back")

HANDOVER: Words = ("SERAH TERIMA: {count} gangguan terbuka", "HAND-OVER: {count} open incidents")

# What is said back to an answer.
ANSWERS: Mapping[str, Words] = {
    "acknowledge": ("{about} diterima atas nama {name}.", "{about} is acknowledged by {name}."),
    "escalate": ("{about}: petugas berikutnya dipanggil.", "{about}: the next in line is being called."),
    "nobody": (
        "{about}: tidak ada lagi petugas berikutnya, hubungi ruang kendali.",
        "{about}: there is nobody further to call, call the control room.",
    ),
    "close": ("{about} ditutup oleh {name}.", "{about} is closed by {name}."),
    "awake": ("Baik, {name}: 30 menit tidak ada eskalasi.", "Well, {name}: nothing escalates for 30 minutes."),
    "over": ("{about} sudah selesai.", "{about} is over already."),
    "unknown": ("{about}: tidak ada gangguan dengan nomor ini.", "{about}: nothing has this number."),
    "failed": (
        "Gagal karena kesalahan sistem, hubungi ruang kendali. {about}",
        "Failed by a fault of ours, call the control room. {about}",
    ),
    "unclear": (
        "Tidak dimengerti. Contoh: 7a terima, 7e naik, 7c tutup, bangun.",
        "Not understood. Such as: 7a acknowledge, 7e escalate, 7c close, awake.",
    ),
}

# What failed, and what to take along for it.
CLASSES: Mapping[Class, tuple[Words, Words]] = {
    Class.POWER: (
        ("listrik padam", "power cut"),
        ("genset atau aki cadangan, multimeter", "generator or spare battery, multimeter"),
    ),
    Class.CUT: (("kabel putus", "cable cut"), ("OTDR, splicer, kabel dan closure", "OTDR, splicer, cable and closure")),
    Class.FADE: (
        ("tekukan atau konektor", "bend or connector"),
        ("power meter, pembersih konektor, patch cord", "power meter, connector cleaner, patch cords"),
    ),
    Class.DEVICE: (("perangkat", "device"), ("perangkat dan adaptor cadangan", "spare device and adapter")),
    Class.UNKNOWN: (
        ("belum jelas", "not clear yet"),
        ("OTDR, multimeter, perangkat cadangan", "OTDR, multimeter, spare device"),
    ),
}

DAYS: Mapping[Language, tuple[str, ...]] = {
    "id": ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


def say(words: Words, language: str) -> str:
    """The one of the two that a person reads."""
    return words[0] if language == "id" else words[1]

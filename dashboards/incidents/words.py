"""The words of an incident's timeline, in Bahasa Indonesia and in English: as one tells a colleague what happened."""

from collections.abc import Mapping

from alerts.alert import EndReason

Words = tuple[str, str]

OPENED: Words = ("Gangguan dimulai di {device}: {title}", "The incident began at {device}: {title}")
OPENED_ANOTHER: Words = (
    "Gangguan #{number} dimulai di {device}: {title}",
    "Incident #{number} began at {device}: {title}",
)
MERGED: Words = (
    "Gangguan #{number} ternyata bagian dari #{into}: {title}",
    "Incident #{number} turned out to be part of #{into}: {title}",
)
RESOLVED: Words = ("Gangguan selesai setelah {length}", "The incident was over after {length}")
FIRED: Words = ("Peringatan: {summary}", "Alert: {summary}")
GIVEN_BACK: Words = ("{name} melepas kembali: {summary}", "{name} gave it back: {summary}")
TAKEN: Words = ("{name} menerima: {summary}{why}", "{name} took it: {summary}{why}")
TAKEN_LATE: Words = (
    "{name} menerima, tetapi kabarnya tiba setelah pulih: {summary}{why}",
    "{name} took it, and we heard of that after it was over: {summary}{why}",
)
ENDED_BY_HAND: Words = ("{name} menutup: {summary}{why}", "{name} closed it: {summary}{why}")
ENDED: Mapping[str, Words] = {
    EndReason.CLEARED: ("Pulih: {summary}", "Recovered: {summary}"),
    EndReason.RULE_REMOVED: ("Aturannya dihapus: {summary}", "Its rule was removed: {summary}"),
    EndReason.DEVICE_REMOVED: ("Perangkatnya dihapus: {summary}", "Its device was removed: {summary}"),
    EndReason.UNMATCHED: ("Aturannya tidak berlaku lagi: {summary}", "Its rule applies no more: {summary}"),
    EndReason.HELD_BACK: ("Ditahan karena sebabnya di atas: {summary}", "Held back, its cause lies above: {summary}"),
}
PAGED: Words = ("Pesan no. {sequence} untuk {to}", "Message no. {sequence} to {to}")
DELIVERED: Words = ("Pesan no. {sequence} sampai: {to}", "Message no. {sequence} arrived: {to}")
FAILED: Words = ("Pesan no. {sequence} gagal: {to}{why}", "Message no. {sequence} failed: {to}{why}")
TO_PERSON: Words = ("{name} lewat {channel}", "{name} by {channel}")
TO_CHANNEL: Words = ("saluran {channel}", "channel {channel}")
HELD: Words = ("{device}: ditahan, sebabnya {cause_name}", "{device}: held back because of {cause_name}")
HELD_BY_WORK: Words = ("{device}: ditahan, sedang ada pemeliharaan", "{device}: held back, work is going on")
HELD_BLIND: Words = ("{device}: ditahan, ruang kendali sendiri buta", "{device}: held back, the control room is blind")
PHOTO: Words = ("Foto dari {name}", "Photo by {name}")
PHOTO_WITH_TEXT: Words = ("Foto dari {name}: {text}", "Photo by {name}: {text}")
NOTE: Words = ("{name}: {text}", "{name}: {text}")

# Days, hours, minutes, seconds.
UNITS: tuple[Words, ...] = (("hari", "d"), ("jam", "h"), ("menit", "min"), ("detik", "s"))

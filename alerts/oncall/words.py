"""The words of the hand-over brief, in Bahasa Indonesia and in English."""

from collections.abc import Mapping

from alerts.paging.words import Words

TITLE: Words = ("SERAH TERIMA JAGA, {at}", "SHIFT HAND-OVER, {at}")
ON_DUTY: Words = ("Jaga {rota}: {people}", "On call, {rota}: {people}")
UNTIL: Words = (" sampai {at}, lalu {people}", " until {at}, then {people}")
NOBODY: Words = ("tidak ada orang", "nobody")
NO_ROTA: Words = ("Belum ada daftar jaga.", "There is no rota yet.")
NOTHING: Words = ("tidak ada", "none")

INCIDENTS: Words = ("Gangguan terbuka", "Open incidents")
INCIDENT: Words = (
    "#{number} {severity} {title}; sudah {age}, {held}",
    "#{number} {severity} {title}; for {age}, {held}",
)
HELD_BY: Words = ("dipegang {people}", "taken by {people}")
FREE: Words = ("belum ada yang memegang", "nobody has it")

FLAPPING: Words = ("Putus-nyambung", "Flapping")
SILENCES: Words = ("Senyap yang berakhir dalam 12 jam", "Silences that end within 12 hours")
SILENCE: Words = ("{what} sampai {at}, oleh {owner}: {reason}", "{what} until {at}, by {owner}: {reason}")
OR_RECOVERY: Words = (" (atau begitu pulih)", " (or on recovery)")

BLIND: Words = ("Tidak terlihat", "What we cannot see")
BLINDNESS: Mapping[str, Words] = {
    "ingest": ("Data tidak masuk", "Nothing comes in"),
    "uplink": ("Sambungan keluar kita sendiri putus", "Our own uplink is gone"),
    "engine": ("Keadaan perangkat tidak dinilai", "Nobody judges states"),
}
SINCE: Words = ("sejak {at}", "since {at}")
NEVER: Words = ("sejak awal", "from the beginning")
UNKNOWN: Words = ("Keadaan tidak diketahui: {kinds}", "State unknown: {kinds}")

# What is amiss with lists and policies.
NO_CHANNEL: Words = ("teknisi {of}: tidak ada saluran bernama {name}", "technician {of}: no channel is called {name}")
NO_AREA: Words = (
    "teknisi {of}: {name} bukan wilayah kota ini",
    "technician {of}: {name} is not among the areas of the city",
)
NO_ROTA_CALLED: Words = (
    "kebijakan {of}: tidak ada jadwal piket bernama {name}",
    "policy {of}: no rota is called {name}",
)
NO_TECHNICIAN: Words = (
    "kebijakan {of}: tidak ada teknisi bernama {name}",
    "policy {of}: no technician is called {name}",
)
UNCOVERED: Words = (
    "kebijakan {of}: tidak ada yang menangani wilayah {name}",
    "policy {of}: nobody covers area {name}",
)
VACANT: Words = ("jadwal piket {of}: tidak ada yang piket", "rota {of}: nobody is on call")

UNITS: tuple[Words, ...] = (("hari", "d"), ("jam", "h"), ("menit", "min"))

"""The hand-over brief: what the next shift must know, in words."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from alerts.alert import Severity
from alerts.oncall.brief import LINES, Blind, Brief, EndingSilence, OnDuty, OpenIncident, render
from tests.alerts.city import NOON

JAKARTA = ZoneInfo("Asia/Jakarta")
HOUR = timedelta(hours=1)
CUT = OpenIncident(
    id=41,
    title="Kabel FO putus antara FP-087 dan FP-088, Lengkiti",
    severity=Severity.CRITICAL,
    opened_at=NOON - 26.6 * HOUR,
    held_by=("Budi", "Sari"),
)
CAMERA = OpenIncident(
    id=42, title="CAM-03 mati", severity=Severity.WARNING, opened_at=NOON - timedelta(seconds=50), held_by=()
)
SILENCE = EndingSilence(
    id=1,
    match={"kind": "camera", "area": "Ulu Ogan"},
    owner="operator",
    reason="ganti SFP",
    until=NOON + 5 * HOUR,
    ends_on_recovery=True,
)
BRIEF = Brief(
    at=NOON,
    on_duty=[
        OnDuty(rota="lapangan", people=("Budi", "Sari"), until=NOON + 20 * HOUR, following=("Joko",)),
        OnDuty(rota="kantor", people=(), until=None, following=()),
    ],
    incidents=[CUT, CAMERA],
    flapping=["Radio Desa Gunung Kuripan"],
    silences=[SILENCE],
    blind=[Blind(reason="ingest", since=NOON - HOUR), Blind(reason="engine", since=None)],
    unknown={"camera": 2, "fibre_point": 4},
)


def test_the_brief_says_who_is_next_what_is_open_what_flaps_what_is_silent_and_what_is_blind() -> None:
    assert render(BRIEF, JAKARTA) == (
        "SERAH TERIMA JAGA, Sen 02/03 12:00 WIB\n"
        "Jaga lapangan: Budi, Sari sampai Sel 03/03 08:00 WIB, lalu Joko\n"
        "Jaga kantor: tidak ada orang\n"
        "\n"
        "Gangguan terbuka: 2\n"
        "- #41 KRITIS Kabel FO putus antara FP-087 dan FP-088, Lengkiti; sudah 1 hari 2 jam, dipegang Budi, Sari\n"
        "- #42 PERINGATAN CAM-03 mati; sudah 0 menit, belum ada yang memegang\n"
        "\n"
        "Putus-nyambung: 1\n"
        "- Radio Desa Gunung Kuripan\n"
        "\n"
        "Senyap yang berakhir dalam 12 jam: 1\n"
        "- kind=camera, area=Ulu Ogan sampai Sen 02/03 17:00 WIB, oleh operator: ganti SFP (atau begitu pulih)\n"
        "\n"
        "Tidak terlihat: 3\n"
        "- Data tidak masuk sejak Sen 02/03 11:00 WIB\n"
        "- Keadaan perangkat tidak dinilai sejak awal\n"
        "- Keadaan tidak diketahui: 4 titik, 2 CCTV\n"
    )


def test_it_is_english_by_setting() -> None:
    text = render(BRIEF, JAKARTA, "en")
    assert text.startswith("SHIFT HAND-OVER, Mon 02/03 12:00 WIB\nOn call, lapangan: Budi, Sari until Tue 03/03")
    assert "for 1 d 2 h, taken by Budi, Sari" in text
    assert "State unknown: 4 points, 2 cameras" in text


def test_what_there_is_nothing_of_is_said_too() -> None:
    assert render(Brief(at=NOON), JAKARTA) == (
        "SERAH TERIMA JAGA, Sen 02/03 12:00 WIB\n"
        "Belum ada daftar jaga.\n"
        "\nGangguan terbuka: tidak ada\n"
        "\nPutus-nyambung: tidak ada\n"
        "\nSenyap yang berakhir dalam 12 jam: tidak ada\n"
        "\nTidak terlihat: tidak ada\n"
    )


def test_of_many_the_first_are_named_and_the_rest_counted() -> None:
    text = render(replace(BRIEF, flapping=[f"FP-{n:03}" for n in range(LINES + 7)]), JAKARTA)
    assert f"Putus-nyambung: {LINES + 7}\n- FP-000\n" in text
    assert f"- FP-{LINES - 1:03}\n- dan 7 lagi\n" in text


def test_a_name_with_braces_is_only_a_name() -> None:
    assert "- {0} {at}\n" in render(replace(BRIEF, flapping=["{0} {at}"]), JAKARTA)
    assert "#41 KRITIS {title}{0}; sudah" in render(
        replace(BRIEF, incidents=[replace(CUT, title="{title}{0}")]), JAKARTA
    )

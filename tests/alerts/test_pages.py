"""What stands in a page: what broke, where, what hangs on it, since when, what to carry."""

from typing import Any

from alerts.alert import EndReason, Severity
from alerts.incidents.incident import Incident
from alerts.notify.page import Page, short
from alerts.paging.compose import Line, To, digest_of, page_of
from alerts.paging.group import Group, Member, Told
from alerts.paging.route import Receiver, Terms
from alerts.paging.story import Story, story_of
from devices.device import Device
from tests.alerts.city import DESK, NOON, after, firing

CUT = Incident(
    id=41,
    root="fp-088",
    area="Lengkiti",
    title="Kabel FO putus antara FP-087 dan FP-088 (1,4 km), Lengkiti: 23 titik, 2 hotspot, 3 CCTV",
    severity=Severity.CRITICAL,
    opened_at=NOON,
    cls="fibre-cut",
    place={"above": ["fp-087"], "below": "fp-088", "metres": 1400},
    affected={"count": 28, "names": [f"Titik {number}" for number in range(28)]},
)
ROOT = Device(id="fp-088", kind="fibre_point", name="Kantor Desa", latitude=-4.25, longitude=104.1)
STORY = Story.of(CUT, {"fp-088": ROOT})
BUDI = To(channel="tg", technician="budi", address="123", code="7")


def group(*members: Member) -> Group:
    return Group(id=3, receiver=Receiver("policy", "night"), key={"incident": "41"}, terms=Terms(), members=members)


def page(*, to: To = BUDI, **more: Any) -> Page:  # noqa: ANN401  flags of page_of
    alert = firing(id=1, rule="device-down", device="fp-088", severity=Severity.CRITICAL, summary="FP-088: putus")
    return page_of(group(Member(alert=alert)), 2, STORY, to, DESK, **more)


def test_a_page_says_what_broke_where_what_hangs_on_it_and_what_to_carry() -> None:
    assert page().url == "https://pantau.example/desk/incidents/41", "which each channel shows in its own way"
    assert page().headline == f"#41.2 KRITIS: {CUT.title}"
    assert page().text.splitlines() == [
        "Sejak Sen 02/03 12:00 WIB",
        "Tempat: Lengkiti",
        "https://www.google.com/maps?q=-4.250000,104.100000",
        "Dugaan: kabel putus",
        "Bawa: OTDR, splicer, kabel dan closure",
        "Terdampak: Titik 0, Titik 1, Titik 2, Titik 3, Titik 4, Titik 5, dan 22 lagi",
        "- FP-088: putus",
        "Balas: 7a terima, 7e naik, 7c tutup",
    ]


def test_it_speaks_the_language_of_whom_it_is_for() -> None:
    english = page(to=To(channel="tg", technician="ann", address="9", language="en", code="7"), again=True)
    assert english.headline.startswith("#41.2 CRITICAL: ")
    assert english.text.splitlines()[:2] == ["Nobody has acknowledged this yet.", "Since Mon 02/03 12:00 WIB"]


def test_the_end_says_from_when_to_when_and_asks_for_no_answer() -> None:
    ended = firing(id=1, severity=Severity.CRITICAL).resolve(after(3_600), EndReason.CLEARED)
    told = page_of(group(Member(alert=ended, told=Told.FIRING)), 3, STORY, BUDI, DESK)
    assert (told.status, told.code) == ("resolved", None)
    assert told.headline == f"#41.3 PULIH: {CUT.title}"
    assert told.text.splitlines()[0] == "Sen 02/03 12:00 WIB sampai Sen 02/03 13:00 WIB"
    assert "Balas" not in told.text


def test_as_a_short_message_it_keeps_its_number_and_its_code() -> None:
    told = short(page())
    assert len(told) <= 160
    assert told.startswith("#41.2 KRITIS: Kabel FO putus antara FP-087 dan FP-088")
    assert told.endswith("7a ok 7e naik 7c tutup")


def test_only_a_webhook_is_sent_alertmanagers_body() -> None:
    assert page().webhook == {}
    body = page(to=To(channel="ops", webhook=True)).webhook
    assert (body["version"], body["groupLabels"], body["receiver"]) == ("4", {"incident": "41"}, "ops")


def test_several_incidents_are_told_by_their_number_and_the_first_titles() -> None:
    several = story_of([CUT, CUT], {}, "id")
    assert several.title.startswith("2 gangguan: Kabel FO putus")
    assert several.number == 41


def test_a_digest_tells_the_worst_first_and_what_is_over_last() -> None:
    lines = [
        Line(severity=Severity.WARNING, status="firing", title="#5.1 PERINGATAN: redup", at=after(0)),
        Line(severity=Severity.CRITICAL, status="resolved", title="#4.2 PULIH: putus", at=after(60)),
        Line(severity=Severity.CRITICAL, status="firing", title="#6.1 KRITIS: putus", at=after(120)),
    ]
    told = digest_of(lines, BUDI, DESK, number=9)
    assert told.headline == "#9 RINGKASAN: 3 berita yang ditahan. #6.1 KRITIS: putus"
    assert told.text.splitlines() == [
        "12:02 #6.1 KRITIS: putus",
        "12:00 #5.1 PERINGATAN: redup",
        "12:01 #4.2 PULIH: putus",
    ]


def test_a_long_digest_says_how_many_it_leaves_out() -> None:
    lines = [Line(severity=Severity.INFO, status="firing", title=str(number), at=after(number)) for number in range(30)]
    assert digest_of(lines, BUDI, DESK, number=9).text.splitlines()[-1] == "dan 10 lagi"

"""What is refused is said in the language of whoever reads it; a page that was asked for is a page then too."""

import httpx
import pytest

UNTIL_LONG_AGO = {"until": "2020-01-01T00:00:00Z", "reason": "x", "match": {"device": "fp-087"}}


@pytest.mark.parametrize(
    ("accepted", "detail"),
    [
        (None, "No device has this id."),
        ("en-GB,en;q=0.9,id;q=0.8", "No device has this id."),
        ("de", "No device has this id."),
        ("id", "Tidak ada perangkat dengan id ini."),
        ("id-ID,id;q=0.9,en;q=0.8", "Tidak ada perangkat dengan id ini."),
    ],
)
async def test_a_script_is_told_in_english_and_who_asks_for_indonesian_in_that(
    technician: httpx.AsyncClient, accepted: str | None, detail: str
) -> None:
    answer = await technician.get("/api/v1/devices/nobody", headers={"Accept-Language": accepted} if accepted else {})
    assert (answer.status_code, answer.json()["detail"]) == (404, detail)
    assert answer.headers["content-language"] == ("id" if detail.startswith("Tidak") else "en")


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({}, "Akhirnya harus sesudah sekarang."),
        ({"reason": None}, "body.reason: harus berupa teks."),
        ({"until": "besok"}, "body.until: harus RFC 3339 dengan zona waktu, seperti 2026-11-21T14:02:10Z."),
        ({"more": 1}, "body.more: tidak dikenal."),
        ({"match": {"kind": ["bogus"]}}, "body.match.kind"),
    ],
)
async def test_the_fields_of_a_form_too(operator: httpx.AsyncClient, change: dict[str, object], detail: str) -> None:
    body = UNTIL_LONG_AGO | change
    answer = await operator.post("/api/v1/silences", json=body, headers={"Accept-Language": "id"})
    assert (answer.status_code, detail in answer.json()["detail"]) == (422, True), answer.text


async def test_who_came_by_a_link_or_a_form_reads_a_page(anonymous: httpx.AsyncClient) -> None:
    browser = {"Accept": "text/html,*/*;q=0.8", "Sec-Fetch-Site": "same-origin"}
    form = await anonymous.post("/login", data={"name": "x" * 65, "password": "y"}, headers=browser)
    assert (form.status_code, form.headers["content-type"]) == (422, "text/html; charset=utf-8")
    assert "body.name: paling banyak 64." in form.text
    foreign = await anonymous.post("/login?lang=en", headers=browser | {"Sec-Fetch-Site": "cross-site"})
    assert (foreign.status_code, "This request comes from another site." in foreign.text) == (403, True)


async def test_a_path_that_is_not_there_is_a_page_too(technician: httpx.AsyncClient) -> None:
    answer = await technician.get("/nowhere", headers={"Accept": "text/html"})
    assert (answer.status_code, "Tidak ada apa-apa di alamat ini." in answer.text) == (404, True)

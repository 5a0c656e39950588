"""Whatever is asked, the answer is an answer: never a failure of ours, and every error a problem."""

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import validate

from dashboards.refusing import install
from dashboards.routes import ROUTES
from tests.dashboards.city import City, Clock

# Streams never end by themselves; they have tests of their own.
PATHS = [route.path for route in ROUTES if route.method == "GET" and not route.path.endswith(("/events", ".mjpg"))]
NAMES = [
    "kind",
    "state",
    "area",
    "q",
    "cursor",
    "limit",
    "metric",
    "from",
    "to",
    "step",
    "reason",
    "device",
    "camera",
    "who",
    "columns",
    "width",
    "ids",
    "lang",
    "by",
    "id",
    "active",
    "rota",
    "x",
]
VALUES = st.one_of(
    st.text(max_size=30),
    st.integers().map(str),
    st.floats().map(str),
    st.datetimes().map(str),
    st.datetimes().map(lambda time: time.isoformat() + "Z"),
    st.binary(max_size=30).map(lambda raw: raw.hex()),
    st.sampled_from(
        (
            *("\0", "a\0b", "", "'", "%", "null", "NaN", "-1", "0", "9" * 400, "1e999", "é", "="),
            *("up", "camera", "raw", "5m", "auto", "rx_power_dbm", "open", "kind", "true", "fp-001"),
            *("WyJhIl0", "WyIyMDI2LTAxLTAxVDAwOjAwOjAwWiIsICIoOTk5OTk5OTk5LDk5OTkpIl0", "bnVsbA"),
            *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2999-12-31T23:59:60Z", "1970-01-01T00:00:00+23:59"),
        )
    ),
)
SEGMENTS = st.one_of(
    st.sampled_from(["fp-001", "cam-01", "1", "\0", "..", "%00", "9" * 30]), st.text(min_size=1, max_size=20)
)
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {"type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"}},
}


def _assert_answered(answer: httpx.Response) -> None:
    assert answer.status_code < 500 or answer.status_code == 503, answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        validate(answer.json(), PROBLEM)
        assert answer.json()["status"] == answer.status_code


@pytest.mark.parametrize("path", PATHS)
async def test_no_query_makes_us_fail(admin: httpx.AsyncClient, city: City, clock: Clock, path: str) -> None:
    await city.add("fp-001")
    await city.add("cam-01", "camera")
    await city.reads("fp-001", "rx_power_dbm", (clock.now(), -20.0))

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
    @given(query=st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=5), segment=SEGMENTS, known=st.booleans())
    def ask(query: list[tuple[str, str]], segment: str, *, known: bool) -> None:
        known_place = {"id": "fp-001", "name": "wall.js", "section": "devices"}
        place = known_place if known else dict.fromkeys(known_place, segment)
        requests.append((path.format(**{name: _quoted(part) for name, part in place.items()}), query))

    requests: list[tuple[str, list[tuple[str, str]]]] = []
    ask()
    for asked, query in requests:
        _assert_answered(await admin.get(asked, params=_sendable(query)))


@pytest.mark.parametrize("name", ["kind", "area", "q", "cursor"])
async def test_a_nul_character_is_422_wherever_it_stands(wall: httpx.AsyncClient, name: str) -> None:
    answer = await wall.get("/api/v1/devices", params={name: "a\0b"})
    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, f"query.{name}")


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/api/v1/devices", {"limit": "0"}),
        ("/api/v1/devices", {"limit": "1001"}),
        ("/api/v1/devices", {"limit": "9" * 400}),
        ("/api/v1/devices", {"state": "broken"}),
        ("/api/v1/devices", {"q": "x" * 201}),
        ("/api/v1/rejected", {"reason": "bad"}),
        ("/api/v1/rejected", {"cursor": "WyIyMDI2LTAxLTAxVDAwOjAwOjAwWiIsICIoMCwxKTtkcm9wIl0"}),
        ("/api/v1/alerts", {"cursor": "WyJhIiwgImIiXQ"}),
        ("/", {"lang": "xx"}),
        ("/api/v1/cameras", {"limit": "1001"}),
        ("/api/v1/mosaic.jpg", {"columns": "0"}),
        ("/api/v1/mosaic.jpg", {"width": "3841"}),
        ("/api/v1/mosaic.jpg", {"ids": "a\0b"}),
        ("/api/v1/mosaic.jpg", {"lang": "xx"}),
        ("/api/v1/cameras/cam-01/stream.mjpg", {"lang": "xx"}),
        ("/api/v1/cameras/a%00b/stream.mjpg", {}),
    ],
)
async def test_what_is_out_of_bounds_is_422(wall: httpx.AsyncClient, path: str, params: dict[str, str]) -> None:
    assert (await wall.get(path, params=params)).status_code == 422


async def test_a_failure_of_ours_is_a_problem_that_tells_nothing() -> None:
    async def failing() -> None:
        raise RuntimeError("postgresql://user:secret@host")

    app = FastAPI()
    install(app)
    app.add_api_route("/", failing)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://pantau.test") as client:
        answer = await client.get("/")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "secret" not in answer.text


def _quoted(part: str) -> str:
    return httpx.QueryParams({"": _clean(part)}).__str__().removeprefix("=").replace("+", "%20")


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _sendable(query: list[tuple[str, str]]) -> httpx.QueryParams:
    """Half a surrogate pair cannot be sent by any client."""
    return httpx.QueryParams([(name, _clean(value)) for name, value in query])

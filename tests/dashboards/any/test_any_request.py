"""schemathesis asks every route of the OpenAPI document what nobody thought of, sound and unsound alike."""

from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dashboards.live.asyncapi import EVENTS
from dashboards.openapi_api import document
from dashboards.routes import ROUTES
from dashboards.routing import STREAM, Routes
from tests.dashboards.any.serving import Serving, serving
from tests.patience import PATIENCE_SECONDS

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
# What is there, by where it stands in a path: invented ids are never found.
THERE: Mapping[str, dict[str, Any]] = {
    "/devices/{id}": {"id": "fp-001"},
    "/cameras/{id}/frames/{name}": {"id": "cam-01", "name": "20261121T140210.000000Z-regular"},
    "/cameras/{id}": {"id": "cam-01"},
    "/oncall/rotas/{name}": {"name": "lapangan"},
    "/accounts/{name}": {"name": "sari"},
    "/tokens/{name}": {"name": "lobi"},
    "/unknown-devices/{device}": {"device": "fp-new"},
    "/{id}": {"id": 1},
}
# Alerts of a Prometheus are no change that a person makes.
NO_CHANGE = {"POST /api/v2/alerts"}
EVENT = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "data": {"type": "string", "minLength": 1}},
    "required": ["id", "data"],
}
REPEATED = {f"{route.method} {route.path}": route.repeated for route in ROUTES}


def _schema() -> schemathesis.BaseSchema:
    app = FastAPI(title="Pantau", openapi_url=None)
    Routes(ROUTES).install(app)
    told = document(app)
    # Schemathesis holds each event to what the document says of the whole stream: that it is text.
    told["paths"][EVENTS]["get"]["responses"]["200"]["content"][STREAM]["schema"] = EVENT
    return schemathesis.openapi.from_dict(told)


schema = _schema()
few = settings(max_examples=4, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
many = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def served(shared_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(shared_database_url, tmp_path_factory.mktemp("any")) as begun:
        yield begun


@pytest.fixture(scope="module")
def log(shared_database_url: str) -> Iterator[psycopg.Connection]:
    """Where to count the lines of the audit log."""
    with psycopg.connect(shared_database_url, autocommit=True) as connection:
        yield connection


@schema.parametrize()
@few
def test_whatever_is_asked_is_answered_as_the_document_says(
    case: Case, served: Serving, log: psycopg.Connection
) -> None:
    _ask(case, served, log)


@pytest.mark.soak
@schema.parametrize()
@many
def test_whatever_is_asked_at_length_is_answered_as_the_document_says(
    case: Case, served: Serving, log: psycopg.Connection
) -> None:
    _ask(case, served, log)


def _ask(case: Case, served: Serving, log: psycopg.Connection) -> None:
    _ask_once(case, served, log)
    there = next((there for part, there in THERE.items() if part in case.operation.path), None)
    if there and case.meta and case.meta.generation.mode is GenerationMode.POSITIVE:
        case.path_parameters = (case.path_parameters or {}) | there
        _ask_once(case, served, log)


def _ask_once(case: Case, served: Serving, log: psycopg.Connection) -> None:
    before = _lines(log)
    headers = {"Authorization": f"Bearer {served.secret}"}
    answer = case.call_and_validate(base_url=served.url, headers=headers, checks=CHECKS, timeout=PATIENCE_SECONDS)
    name = case.operation.label
    if case.method != "GET" and answer.status_code < 300 and name not in NO_CHANGE:
        # What was so before, and says so, is no change.
        again = answer.status_code == REPEATED[name] or (answer.content and not answer.json().get("changed", True))
        assert again or _lines(log) > before, "a change that is not in the audit log"


def _lines(log: psycopg.Connection) -> int:
    row = log.execute("select count(*) from audit").fetchone()
    assert row
    return int(row[0])

"""Every error as `application/problem+json` (RFC 9457): title, status, detail, and members that help to mend it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from psycopg import OperationalError
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = "5"


class ProblemBody(BaseModel):
    """The members of RFC 9457, section 3.1; an error may add its own beside them."""

    model_config = ConfigDict(extra="allow")

    type: str = "about:blank"
    title: str
    status: int
    detail: str


class Problem(Exception):  # noqa: N818  RFC 9457 calls it a problem, and so do we
    """An answer that is not the one asked for. `members` are the problem type's own fields."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = dict(members or {})

    def response(self) -> JSONResponse:
        body = {"type": "about:blank", "title": title(self.status), "status": self.status, "detail": self.detail}
        return JSONResponse(body | self.members, self.status, self.headers, MEDIA_TYPE)


def title(status: int) -> str:
    """The phrase of the status code, as section 4.2.1 asks of `about:blank`."""
    return HTTPStatus(status).phrase


def install(app: FastAPI) -> None:
    """Make every error of the application leave as a problem."""
    app.add_exception_handler(Problem, _own)
    app.add_exception_handler(HTTPException, _of_the_framework)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(OperationalError, _database_away)  # the pool's PoolTimeout is one too
    app.add_exception_handler(Exception, _unexpected)


def database_away() -> Problem:
    """The database did not answer in time; the request may be repeated."""
    return Problem(503, "The database cannot be reached.", headers={"Retry-After": RETRY_SECONDS})


async def _own(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)  # noqa: S101  registered for this class alone
    return error.response()


async def _of_the_framework(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101  registered for this class alone
    return Problem(error.status_code, error.detail or title(error.status_code), headers=error.headers).response()


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101  registered for this class alone
    # The input itself is left out: it may be anything, even something JSON cannot carry.
    faults = [{"where": ".".join(map(str, fault["loc"])), "message": fault["msg"]} for fault in error.errors()]
    return Problem(422, _sentence(faults), members={"errors": faults}).response()


def _sentence(faults: list[dict[str, str]]) -> str:
    return "; ".join(f"{fault['where']}: {fault['message']}" for fault in faults)[:1_000]


async def _database_away(_: Request, __: Exception) -> JSONResponse:
    return database_away().response()


async def _unexpected(_: Request, __: Exception) -> JSONResponse:
    return Problem(500, "Something failed here; it is in this process's log.").response()

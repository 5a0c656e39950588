"""Every error as `application/problem+json` (RFC 9457): title, status, detail, and members that help to mend it."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from dashboards.words import LANGUAGES, Language, Sentence

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = "5"
# What of many faults a sentence tells; the list beside it tells all.
SENTENCE_MAX = 1_000


class ProblemBody(BaseModel):
    """The members of RFC 9457, section 3.1; an error may add its own beside them."""

    model_config = ConfigDict(extra="allow")

    type: str = "about:blank"
    title: str
    status: int
    detail: str


class Problem(Exception):  # noqa: N818  RFC 9457 calls it a problem, and so do we
    """An answer that is not the one asked for: people read it too. `members` are the problem type's own fields."""

    def __init__(
        self,
        status: int,
        sentence: Sentence,
        *,
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(sentence[1])
        self.status = status
        self.sentence = sentence
        self.headers = dict(headers or {})
        self.members = dict(members or {})

    def detail(self, language: Language) -> str:
        return self.sentence[LANGUAGES.index(language)]

    def response(self, language: Language) -> JSONResponse:
        body = {"type": "about:blank", "title": title(self.status), "status": self.status}
        body |= {"detail": self.detail(language), **self.members}
        return JSONResponse(body, self.status, {**self.headers, "Content-Language": language}, MEDIA_TYPE)


def title(status: int) -> str:
    """The phrase of the status code, as section 4.2.1 asks of `about:blank`."""
    return HTTPStatus(status).phrase


def database_away() -> Problem:
    """The database did not answer in time; the request may be repeated."""
    sentence = ("Basis data tidak dapat dihubungi.", "The database cannot be reached.")
    return Problem(503, sentence, headers={"Retry-After": RETRY_SECONDS})


def unfit(where: str, reason: object) -> Sentence:
    """Why something cannot be taken, where we have that in English only: quoted, rather than left out."""
    return f"{where}: tidak dapat diterima (“{reason}”).", f"{where}: {reason}"


def faulty(faults: Sequence[Mapping[str, str]]) -> Problem:
    """Several things `where` that cannot be taken, each with its `message`."""
    told = [unfit(fault["where"], fault["message"]) for fault in faults]
    indonesian, english = " ".join(one for one, _ in told), "; ".join(one for _, one in told)
    return Problem(422, (indonesian[:SENTENCE_MAX], english[:SENTENCE_MAX]), members={"errors": faults})

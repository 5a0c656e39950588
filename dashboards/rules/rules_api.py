"""GET, POST, PUT and DELETE /api/v1/rules: the rules of the city, and those that operators make while it runs."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Path, Response
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from pydantic import BaseModel, Field, ValidationError

from alerts.blindness import NAME as OUR_OWN
from alerts.rules.kinds import Rule
from alerts.rules.parse import faults_of, parse_rule
from alerts.rules.terms import NAME
from dashboards import audit
from dashboards.auth import By
from dashboards.centre import Centre, Here
from dashboards.parameters import TEXT_MAX
from dashboards.problem import Problem, faulty
from dashboards.rules import queries
from dashboards.rules.shapes import Rules, RuleShape
from dashboards.words import Sentence
from devices.jsonb import jsonb_fault

RULES_MAX = 200
TOO_MANY = (f"Sudah ada {RULES_MAX} aturan.", f"There are {RULES_MAX} rules already.")
NewName = Annotated[str, Field(pattern=NAME)]
Named = Annotated[str, Path(max_length=TEXT_MAX)]


class Change(BaseModel, extra="forbid"):
    """`terms`: what stands in one [[rules]] of city.toml, but the name."""

    terms: dict[str, Any]
    enabled: bool = True


class Addition(Change):
    name: NewName


async def rules(centre: Here) -> Rules:
    """Every rule, by name: those of the city's settings, and at most 200 of operators."""
    rows = await centre.rows(queries.RULES)
    found = [*map(_of_the_city, centre.city.rules), *map(_of_an_operator, rows)]
    return Rules(items=sorted(found, key=lambda rule: rule.name))


async def rule(centre: Here, name: Named) -> RuleShape:
    """One rule."""
    for known in centre.city.rules:
        if known.name == name:
            return _of_the_city(known)
    row = await centre.row(queries.RULE, {"name": _storable(name)})
    if row is None:
        raise _nobody()
    return _of_an_operator(row)


async def add(centre: Here, body: Addition, response: Response, by: By) -> RuleShape:
    """Make a rule; it judges within a second or two."""
    _refuse_the_citys(centre, body.name)
    _check(centre, body.name, body.terms)
    made = await _write(centre, queries.ADD_RULE, body.name, body, by)
    if made is None:
        taken = await centre.row(queries.RULE, {"name": body.name}) is not None
        raise Problem(409, _taken(body.name) if taken else TOO_MANY)
    response.headers["Location"] = f"/api/v1/rules/{body.name}"
    return made


async def change(centre: Here, name: Named, body: Change, by: By) -> RuleShape:
    """Put other terms in the place of a rule's, or switch it off and on."""
    _refuse_the_citys(centre, name)
    _check(centre, _storable(name), body.terms)
    made = await _write(centre, queries.CHANGE_RULE, name, body, by)
    if made is None:
        raise _nobody()
    return made


async def remove(centre: Here, name: Named, by: By) -> Response:
    """Take a rule away; its alerts end for that reason."""
    _refuse_the_citys(centre, name)
    async with centre.database() as connection, connection.transaction():
        cursor = await connection.execute(queries.REMOVE_RULE, {"name": _storable(name)})
        row = await cursor.fetchone()
        if row is None:
            raise _nobody()
        await audit.record(connection, by, "rule.remove", name, now=centre.now(), detail={"terms": row[0]})
    return Response(status_code=204)


async def _write(centre: Centre, statement: str, name: str, body: Change, by: audit.Author) -> RuleShape | None:
    """The rule as it stands now; None where the statement found no place for it."""
    values = {"name": name, "terms": Jsonb(body.terms), "enabled": body.enabled, "now": centre.now(), "who": by.who}
    async with centre.database() as connection, connection.transaction():
        row = await _one(connection, statement, {**values, "most": RULES_MAX})
        if row is None:
            return None
        action = "rule.add" if statement is queries.ADD_RULE else "rule.change"
        detail = {"terms": body.terms, "enabled": body.enabled}
        await audit.record(connection, by, action, name, now=centre.now(), detail=detail)
    return _of_an_operator(row)


async def _one(connection: AsyncConnection[Any], statement: Any, values: Mapping[str, Any]) -> dict[str, Any] | None:  # noqa: ANN401  one of ours
    cursor = await connection.cursor(row_factory=dict_row).execute(statement, values)
    return await cursor.fetchone()


def _check(centre: Centre, name: str, terms: Mapping[str, Any]) -> None:
    """Raises a problem that names every key at fault."""
    faults = _faults(centre, name, terms)
    if faults:
        raise faulty(faults)


def _faults(centre: Centre, name: str, terms: Mapping[str, Any]) -> list[dict[str, str]]:
    if fault := jsonb_fault(dict(terms)):
        return [{"where": "terms", "message": fault}]
    if "name" in terms:
        return [{"where": "terms.name", "message": "stands beside the terms"}]
    try:
        wanted = parse_rule(name, terms)
    except ValidationError as invalid:
        return [{"where": f"terms.{key}".rstrip("."), "message": reason} for key, reason in faults_of(invalid)]
    areas = centre.city.areas
    strange = [area for area in wanted.match.area or () if areas and area not in areas]
    words = f"not among the areas of the city: {', '.join(strange)}"
    return [{"where": "terms.match.area", "message": words}] if strange else []


def _refuse_the_citys(centre: Centre, name: str) -> None:
    if name == OUR_OWN or name in centre.city.names:
        raise Problem(
            409,
            (
                f"{name} ada di pengaturan kota dan diubah di sana.",
                f"{name} stands in the city's settings and is changed there.",
            ),
        )


def _of_the_city(known: Rule) -> RuleShape:
    terms = known.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude={"name"})
    return RuleShape(name=known.name, source="city", enabled=True, terms=terms)


def _of_an_operator(row: Mapping[str, Any]) -> RuleShape:
    try:
        parse_rule(row["name"], row["terms"])
        fault = None
    except ValidationError as invalid:
        fault = "; ".join(f"{key}: {reason}" if key else reason for key, reason in faults_of(invalid))
    return RuleShape(source="operator", fault=fault, **row)


def _storable(name: str) -> str:
    """A name that no rule can have is nobody's."""
    if jsonb_fault(name):
        raise _nobody()
    return name


def _nobody() -> Problem:
    return Problem(404, ("Tidak ada aturan dengan nama ini.", "No rule has this name."))


def _taken(name: str) -> Sentence:
    return f"Sudah ada aturan bernama {name}.", f"A rule is called {name} already."

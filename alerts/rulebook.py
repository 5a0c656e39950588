"""Rules that an operator made: the table rule, which this file owns to read. The API writes it."""

import logging
from collections.abc import Collection, Mapping
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from pydantic import TypeAdapter, ValidationError

from alerts import queries
from alerts.metrics import RULES_REFUSED
from alerts.rules.kinds import Rule

log = logging.getLogger(__name__)

RULE: TypeAdapter[Rule] = TypeAdapter(Rule)


async def load(connection: AsyncConnection[Any], taken: Collection[str]) -> list[Rule]:
    """The enabled rules, by name. One gone bad is left out, counted and logged; one whose name is `taken` left out."""
    cursor = await connection.cursor(row_factory=dict_row).execute(queries.RULES)
    rules = []
    for row in await cursor.fetchall():
        try:
            rules.append(parse(row["name"], row["body"]))
        except ValidationError as invalid:
            RULES_REFUSED.inc()
            log.warning("rule %s is left out: %s", row["name"], "; ".join(faults_of(invalid)))
    return [rule for rule in rules if rule.name not in taken]


def parse(name: str, terms: Mapping[str, Any]) -> Rule:
    """Raises ValidationError."""
    return RULE.validate_python({**terms, "name": name})


def faults_of(invalid: ValidationError) -> list[str]:
    """Each with its key, as it stands in the terms: pydantic begins with the kind by which it told rules apart."""
    faults = []
    for fault in invalid.errors(include_url=False, include_context=False, include_input=False):
        key, reason = ".".join(map(str, fault["loc"][1:])), fault["msg"].removeprefix("Value error, ")
        faults.append(f"{key}: {reason}" if key else reason)
    return faults

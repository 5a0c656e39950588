"""Rules that an operator made, as the engine reads them. The API writes them."""

import logging
from collections.abc import Collection
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import dict_row
from pydantic import ValidationError

from alerts import queries
from alerts.metrics import RULES_REFUSED
from alerts.rules.kinds import Rule
from alerts.rules.parse import faults_of, parse_rule

log = logging.getLogger(__name__)


async def load(connection: AsyncConnection[Any], taken: Collection[str]) -> list[Rule]:
    """The enabled rules, by name. One gone bad is left out, counted and logged; one whose name is `taken` left out."""
    cursor = await connection.cursor(row_factory=dict_row).execute(queries.RULES)
    rules = []
    for row in await cursor.fetchall():
        try:
            rules.append(parse_rule(row["name"], row["body"]))
        except ValidationError as invalid:
            RULES_REFUSED.inc()
            reasons = "; ".join(f"{key}: {reason}" if key else reason for key, reason in faults_of(invalid))
            log.warning("rule %s is left out: %s", row["name"], reasons)
    return [rule for rule in rules if rule.name not in taken]

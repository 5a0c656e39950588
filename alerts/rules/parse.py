"""A rule from a name and its terms, as an operator gives them, and what is wrong with them."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from alerts.rules.kinds import Rule

RULE: TypeAdapter[Rule] = TypeAdapter(Rule)


def parse_rule(name: str, terms: Mapping[str, Any]) -> Rule:
    """Raises ValidationError."""
    return RULE.validate_python({**terms, "name": name})


def faults_of(invalid: ValidationError) -> list[tuple[str, str]]:
    """Key and reason of each; the key is empty where it is about several. Pydantic puts the kind before the key."""
    return [
        (".".join(map(str, fault["loc"][1:])), fault["msg"].removeprefix("Value error, "))
        for fault in invalid.errors(include_url=False, include_context=False, include_input=False)
    ]

"""Lines that say what is wrong: sandboxed templates over `device`, `rule`, `value`, `flapping` and a kind's facts."""

import logging
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from alerts.metrics import SUMMARY_FAILURES
from devices.device import Device

log = logging.getLogger(__name__)

LONGEST = 500
LONGEST_ANNOTATION = 2_000
LONGEST_LABEL = 200
# A template is a line of text, and an operator may write one while the engine runs: nothing that repeats, so that its
# cost is bounded by its length.
ALLOWED = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.Expr, nodes.Helper)
FORBIDDEN = (nodes.Call, nodes.Pow, nodes.Mod)
FILTERS = frozenset({"abs", "d", "default", "first", "float", "int", "last", "length", "lower", "round", "title"})
FILTERS |= {"trim", "truncate", "upper"}
# RecursionError: of a hundred parentheses in each other; how many there may be depends on who parses them.
BROKEN = (TemplateError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class Sandbox(SandboxedEnvironment):
    intercepted_binops = frozenset({"*"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401  jinja's signature
        """A text multiplied would be a text of any length."""
        if not isinstance(left, int | float) or not isinstance(right, int | float):
            raise SecurityError("only numbers are multiplied")
        return super().call_binop(context, operator, left, right)


# Plain text, for pages and SMS: whoever puts it into HTML escapes it there.
PLAIN = Sandbox()
STRICT = Sandbox(undefined=StrictUndefined)


class _AnyKey(dict[str, str]):
    """Attributes differ from device to device, so at load every one of them counts as known."""

    def __missing__(self, key: str) -> str:
        return ""


SAMPLE = Device(id="contoh", kind="contoh", name="Contoh", external_ids=_AnyKey(), attributes=_AnyKey())
SAMPLE_FACTS: Mapping[str, Any] = {"value": 1.0, "rule": "contoh", "flapping": False}


def check_template(template: str, facts: Sequence[str] = ()) -> str:
    """The template itself; ValueError where it does not parse, repeats anything, or names what there is none of."""
    try:
        _check_form(STRICT.parse(template))
        STRICT.from_string(template).render(device=SAMPLE, **SAMPLE_FACTS, **dict.fromkeys(facts, 1.0))
    except BROKEN as fault:
        raise ValueError(f"not a usable template: {fault}") from fault
    return template


def _check_form(parsed: nodes.Template) -> None:
    for node in parsed.find_all(nodes.Node):
        if isinstance(node, FORBIDDEN) or not isinstance(node, ALLOWED):
            raise TemplateSyntaxError(f"{type(node).__name__.lower()} is more than a line of text needs", node.lineno)
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            known = ", ".join(sorted(FILTERS))
            raise TemplateSyntaxError(f"no filter is called {node.name}; known are {known}", node.lineno)


def summarise(template: str, device: Device, facts: Mapping[str, Any], longest: int = LONGEST) -> str:
    """The rendered line, at most 500 characters; the plain facts where a device's data break the template.

    An alert with a poor summary is worth more than no alert, so a failure is counted and logged, not raised.
    """
    try:
        text = _compiled(template).render(facts, device=device)
    except BROKEN as fault:
        SUMMARY_FAILURES.inc()
        log.warning("rule %s: a template failed for device %s: %s", facts["rule"], device.id, fault)
        text = f"{device.name}: {facts['rule']} ({facts['value']})"
    return " ".join(text.split())[:longest]


@lru_cache(maxsize=1_000)
def _compiled(template: str) -> Template:
    return PLAIN.from_string(template)

"""The one line that says what is wrong: a template over `device`, `value`, `rule` and `flapping`, in a sandbox."""

import logging
from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from alerts.metrics import SUMMARY_FAILURES
from devices.device import Device

log = logging.getLogger(__name__)

LONGEST = 500
# Plain text, for pages and SMS: whoever puts it into HTML escapes it there.
PLAIN = SandboxedEnvironment()
STRICT = SandboxedEnvironment(undefined=StrictUndefined)


class _AnyKey(dict[str, str]):
    """Attributes differ from device to device, so at load every one of them counts as known."""

    def __missing__(self, key: str) -> str:
        return ""


SAMPLE = Device(id="contoh", kind="contoh", name="Contoh", external_ids=_AnyKey(), attributes=_AnyKey())
SAMPLE_FACTS: Mapping[str, Any] = {"value": 1.0, "rule": "contoh", "flapping": False}


def check_template(template: str) -> str:
    """The template itself; raises ValueError where it does not parse, or names what there is none of."""
    try:
        STRICT.from_string(template).render(device=SAMPLE, **SAMPLE_FACTS)
    except (TemplateError, ArithmeticError, TypeError, ValueError) as fault:
        raise ValueError(f"not a usable template: {fault}") from fault
    return template


def summarise(template: str, device: Device, facts: Mapping[str, Any]) -> str:
    """The rendered line, at most 500 characters; the plain facts where a device's data break the template.

    An alert with a poor summary is worth more than no alert, so a failure is counted and logged, not raised.
    """
    try:
        text = _compiled(template).render(facts, device=device)
    except (TemplateError, ArithmeticError, TypeError, ValueError) as fault:
        SUMMARY_FAILURES.inc()
        log.warning("rule %s: the summary failed for device %s: %s", facts["rule"], device.id, fault)
        text = f"{device.name}: {facts['rule']} ({facts['value']})"
    return " ".join(text.split())[:LONGEST]


@cache
def _compiled(template: str) -> Template:
    return PLAIN.from_string(template)

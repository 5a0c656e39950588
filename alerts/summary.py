"""The one line that says what is wrong: a template over `device`, `value` and `rule`, in a sandbox."""

import logging
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


def check_template(template: str) -> str:
    """The template itself; raises ValueError where it does not parse, or names what no device, value or rule has."""
    try:
        STRICT.from_string(template).render(device=SAMPLE, value=1.0, rule="contoh")
    except (TemplateError, ArithmeticError, TypeError, ValueError) as fault:
        raise ValueError(f"not a usable template: {fault}") from fault
    return template


def summarise(template: str, *, device: Device, value: float | None, rule: str) -> str:
    """The rendered line, at most 500 characters; the plain facts where a device's data break the template.

    An alert with a poor summary is worth more than no alert, so a failure is counted and logged, not raised.
    """
    facts: dict[str, Any] = {"device": device, "value": value, "rule": rule}
    try:
        text = _compiled(template).render(facts)
    except (TemplateError, ArithmeticError, TypeError, ValueError) as fault:
        SUMMARY_FAILURES.inc()
        log.warning("rule %s: the summary failed for device %s: %s", rule, device.id, fault)
        text = f"{device.name}: {rule} ({value})"
    return " ".join(text.split())[:LONGEST]


@cache
def _compiled(template: str) -> Template:
    return PLAIN.from_string(template)

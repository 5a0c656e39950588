"""Pure: whom a technician can call: who is on call now, then those to whom policies would come next."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from alerts.oncall.policy import Policy
from alerts.oncall.roster import Roster
from alerts.oncall.rota import on_call
from alerts.oncall.technician import Contact, Technician
from dashboards.field.shapes import FieldContact
from dashboards.words import Language

CONTACTS_MAX = 12
# Kinds of channels whose addresses are phone numbers, and Telegram's, whose are chats.
BY_PHONE = frozenset({"sms_http", "sms_modem"})
BY_TELEGRAM = frozenset({"telegram"})

ON_CALL = ("Jaga {rota}", "On call, {rota}")
NEXT = ("Langkah {step} kebijakan {policy}", "Step {step} of policy {policy}")


def contacts_of(
    roster: Roster, policies: Sequence[Policy], kinds: Mapping[str, str], now: datetime, language: Language
) -> list[FieldContact]:
    """Everybody once, at his first place. `kinds` are those of channels by their names."""
    found: dict[str, FieldContact] = {}
    for technician, role in (*_on_call(roster, now, language), *_next(roster, policies, now, language)):
        if technician.id not in found and len(found) < CONTACTS_MAX:
            found[technician.id] = _contact(technician, role, kinds)
    return list(found.values())


def _on_call(roster: Roster, now: datetime, language: Language) -> Iterator[tuple[Technician, str]]:
    for rota in roster.rotas.values():
        for id_ in on_call(rota, now):
            if id_ in roster.technicians:
                yield roster.technicians[id_], ON_CALL[language == "en"].format(rota=rota.name)


def _next(
    roster: Roster, policies: Sequence[Policy], now: datetime, language: Language
) -> Iterator[tuple[Technician, str]]:
    """From the second step on; the first is told at once."""
    for policy in policies:
        for number, step in enumerate(policy.steps[1:], start=2):
            for target in step.notify:
                for technician in roster.who(target, "", now):
                    yield technician, NEXT[language == "en"].format(step=number, policy=policy.name)


def _contact(technician: Technician, role: str, kinds: Mapping[str, str]) -> FieldContact:
    def first(wanted: frozenset[str]) -> str | None:
        return next((one.address for one in technician.contacts if _kind(one, kinds) in wanted), None)

    return FieldContact(name=technician.name, role_text=role, phone=first(BY_PHONE), telegram=first(BY_TELEGRAM))


def _kind(contact: Contact, kinds: Mapping[str, str]) -> str:
    """Where the settings name the channel no more, its name may tell."""
    return kinds.get(contact.channel, contact.channel)

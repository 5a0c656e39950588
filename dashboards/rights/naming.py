"""Names of accounts and tokens."""

from dashboards.words import Unfit
from devices.jsonb import text_fault

NAME_MAX = 64
# They stand where a name does, for nobody: who made a change at the command line, who judges, what ended a silence.
NOBODYS = frozenset({"cli", "engine", "recovery"})


def sound_name(name: str) -> str:
    """The name itself; ValueError where it is blank, too long, cannot be stored, or would be no part of a path."""
    if not name.strip() or len(name) > NAME_MAX:
        raise Unfit((f"nama terdiri dari 1 sampai {NAME_MAX} huruf", f"a name has 1 to {NAME_MAX} characters"))
    if "/" in name or not name.strip("."):
        raise Unfit(("nama tanpa / dan bukan titik saja", "a name has no / and is more than dots"))
    if fault := text_fault(name):
        raise Unfit(("nama berisi huruf yang tidak dapat disimpan", f"the name {fault}"))
    return name

"""Names of accounts and tokens."""

from devices.jsonb import text_fault

NAME_MAX = 64
# They stand where a name does, for nobody: who made a change at the command line, who judges, what ended a silence.
NOBODYS = frozenset({"cli", "engine", "recovery"})


def sound_name(name: str) -> str:
    """The name itself; ValueError where it is blank, too long, cannot be stored, or would be no part of a path."""
    if not name.strip() or len(name) > NAME_MAX:
        raise ValueError(f"a name has 1 to {NAME_MAX} characters")
    if "/" in name or not name.strip("."):
        raise ValueError("a name has no / and is more than dots")
    if fault := text_fault(name):
        raise ValueError(f"the name {fault}")
    return name

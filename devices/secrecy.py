"""Secrets have no place among a device's attributes: refused on the way in, left out on the way out. Pure.

What is in the registry is exported, shown on dashboards and backed up; a camera's user and password stand in the file
named by PANTAU_CAMERA_CREDENTIALS_FILE.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

SECRET_NAME = re.compile(
    r"(^|[_.-])(pass|passwd|password|passphrase|pwd|kata_sandi|secret|token|credentials?"
    r"|api[_.-]?key|private[_.-]?key|snmp[_.-]?community)($|[_.-])",
    re.IGNORECASE,
)
# Any @ behind :// counts (RFC 3986, 3.2.1: user information), for passwords come with unescaped slashes. So do the
# queries in which some makers of cameras want user and password.
SECRET_ADDRESS = re.compile(
    r"://\S*@|[?&;/](user|username|usr|pass|passwd|password|pwd|token|auth|api_?key)=", re.IGNORECASE
)


def secret_fault(name: str, value: object) -> str | None:
    """Why an attribute of this name and value would give a secret away; None where it would not."""
    for key, scalar in _walk(name, value):
        if SECRET_NAME.search(key):
            return f"{key} is a secret by its name, and the registry keeps none"
        if isinstance(scalar, str) and SECRET_ADDRESS.search(scalar):
            return f"{key} has credentials in its address; those of cameras stand in PANTAU_CAMERA_CREDENTIALS_FILE"
    return None


def without_secrets(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes less those that `secret_fault` objects to, however they came into the registry."""
    return {name: value for name, value in attributes.items() if secret_fault(name, value) is None}


def _walk(name: str, value: object) -> Iterator[tuple[str, object]]:
    """Every scalar with the nearest name above it; a stack of our own, for the nesting is not ours to trust."""
    stack = [(name, value)]
    while stack:
        key, node = stack.pop()
        if isinstance(node, dict):
            stack.extend(node.items())
        elif isinstance(node, list):
            stack.extend((key, item) for item in node)
        yield key, node

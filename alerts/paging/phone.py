"""Pure: whether two addresses are the same, though one is written as people dial it and one as networks do."""

import re

# A number that begins so is dialled within the country of code 62: 0811… is +62811… (ITU-T E.164).
TRUNK, COUNTRY = "0", "62"
PHONE = re.compile(r"\+?[0-9][0-9 ().-]{5,}")


def same_address(one: str, other: str) -> bool:
    dialled = _dialled(one)
    return one == other or (dialled is not None and dialled == _dialled(other))


def _dialled(address: str) -> str | None:
    """The digits of an international number; None of what is no number of a phone."""
    if not PHONE.fullmatch(address):
        return None
    digits = re.sub(r"\D", "", address)
    return COUNTRY + digits[len(TRUNK) :] if digits.startswith(TRUNK) and not address.startswith("+") else digits

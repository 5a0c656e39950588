"""Pure: text for a short message, in the GSM 7-bit default alphabet (3GPP TS 23.038, section 6.2.1).

160 septets are one message; a character of the extension table takes two.
"""

import unicodedata

SEPTETS = 160
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
# What people and programs write, in letters that the alphabet has.
SPELT = {
    **dict.fromkeys("`‘’´", "'"),  # noqa: RUF001  look-alikes are the point
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("–—−‐‑", "-"),  # noqa: RUF001
    **dict.fromkeys("µμ", "u"),
    "…": "...",
    "→": "->",
    "•": "-",
    "·": ".",
    "°": " deg ",
    "×": "x",  # noqa: RUF001
    "≥": ">=",
    "≤": "<=",
}
UNKNOWN = "?"


def septets(text: str) -> int:
    """How much room `text`, which must be in the alphabet, takes."""
    return sum(2 if character in EXTENSION else 1 for character in text)


def spell(text: str) -> str:
    """Any text in the alphabet, on one line: without accents it has not got, a `?` for what cannot be written."""
    return " ".join("".join(_spelt(character) for character in unicodedata.normalize("NFC", text)).split())


def cut(text: str, room: int) -> str:
    """As much of the beginning of `text`, which must be in the alphabet, as fits `room` septets."""
    taken = 0
    for place, character in enumerate(text):
        taken += septets(character)
        if taken > room:
            return text[:place]
    return text


def _spelt(character: str) -> str:
    if character.isspace() or unicodedata.category(character) == "Cc":
        return " "
    if character in BASIC or character in EXTENSION:
        return character
    if character in SPELT:
        return SPELT[character]
    plain = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
    if plain and all(part in BASIC or part in EXTENSION for part in plain):
        return plain
    return "" if unicodedata.combining(character) or unicodedata.category(character) == "Cf" else UNKNOWN

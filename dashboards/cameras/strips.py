"""Strips across a picture with a line of letters on each, readable whatever lies behind."""

from dashboards.cameras.lettering import Picture, ascii_of, height_for, shortened, write


def letters_of(picture: Picture) -> int:
    """Height of the letters of its captions."""
    return max(8, min(22, len(picture) // 14))


def strip_of(picture: Picture) -> int:
    """Height of a strip with such letters."""
    return round(letters_of(picture) * 1.7)


def darken(picture: Picture, top: int, height: int) -> None:
    strip = picture[max(0, top) : max(0, top + height)]
    strip //= 3


def above(picture: Picture, text: str) -> None:
    """A line at the top, shortened to the room there is."""
    letters = letters_of(picture)
    _line(picture, 0, shortened(ascii_of(text), picture.shape[1] - letters, letters), letters)


def below(picture: Picture, text: str) -> None:
    """A line at the bottom, made smaller where there is no room: of a time nothing can be left out."""
    letters, plain = letters_of(picture), ascii_of(text)
    top = picture.shape[0] - strip_of(picture)
    _line(picture, top, plain, height_for(plain, picture.shape[1] - letters, letters))


def _line(picture: Picture, top: int, text: str, height: int) -> None:
    letters = letters_of(picture)
    darken(picture, top, strip_of(picture))
    write(picture, text, left=letters // 2, baseline=top + round(letters * 1.3), height=height)

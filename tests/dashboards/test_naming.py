"""Names of accounts and tokens."""

import pytest

from dashboards.rights.naming import sound_name


@pytest.mark.parametrize("name", ["", " ", "x" * 65, "a\0b", "\ud800"])
def test_a_name_that_nobody_could_use_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        sound_name(name)


def test_a_name_may_be_of_any_alphabet() -> None:
    assert sound_name("Ruang kendali, Müller") == "Ruang kendali, Müller"

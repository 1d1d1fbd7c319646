"""Which signs the board draws with follows the terminal's locale, not what Python makes of it."""

from __future__ import annotations

import pytest

from kedge.tui.draw.glyphs import shows_unicode


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "de_DE.UTF-8"}, True),
        ({"LANG": "C.utf8"}, True),
        ({"LC_CTYPE": "UTF-8"}, True),  # macOS
        ({"LC_ALL": "C", "LANG": "en_US.UTF-8"}, False),
        ({"LC_ALL": "", "LC_CTYPE": "POSIX", "LANG": "en_US.UTF-8"}, False),
        ({"LANG": "de_DE.ISO-8859-1"}, False),
        # What Python makes of LANG=C, before anybody can ask.
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, False),
        ({"LANG": "", "LC_CTYPE": "C.UTF-8"}, True),
        ({}, True),
    ],
)
def test_the_locale_decides(environment: dict[str, str], expected: bool) -> None:
    assert shows_unicode(environment, "utf-8") is expected


def test_where_no_locale_is_set_the_encoding_of_the_output_decides() -> None:
    assert not shows_unicode({}, "cp1252")
    assert not shows_unicode({}, "")

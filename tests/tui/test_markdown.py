"""Notes as rows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from kedge.tui.draw.looks import TONES
from kedge.tui.draw.markdown import inline, render


def rows(text: str, width: int = 40) -> list[str]:
    return [one.text.rstrip() for one in render(text, width).lines]


def test_blocks() -> None:
    text = """# Title #

A paragraph that is
written on two rows.

- one
- [ ] open
- [x] done, with a text that goes
  on below
  1. inner
> quoted *word*
---
```python
x = "[b]"   # kept
```
end"""
    assert rows(text) == [
        "# Title",
        "",
        "A paragraph that is written on two rows.",
        "",
        "- one",
        "- [ ] open",
        "- [x] done, with a text that goes on",
        "      below",
        "  1. inner",
        "│ quoted word",
        "─" * 40,
        '  x = "[b]"   # kept',
        "end",
    ]


def test_tables_stand_in_columns_and_give_way_to_the_width() -> None:
    table = "| metric | value |\n|---|---:|\n| recall `k` | 0.8 |\n| a very long name indeed | 1 |\n"
    assert rows(table)[:3] == [
        "metric                   value",
        "recall k                 0.8",
        "a very long name indeed  1",
    ]
    assert all(len(row) <= 20 for row in rows(table, 20))


def test_inline() -> None:
    assert inline("see [the plan](docs/plan.md) and `a*b*c` **now**, x_y_z 2*3*4") == [
        ("see ", ""),
        ("the plan", "link"),
        (" (docs/plan.md)", "quiet"),
        (" and ", ""),
        ("a*b*c", "code"),
        (" ", ""),
        ("now", "strong"),
        (", x_y_z 2*3*4", ""),
    ]


def test_markup_and_control_codes_are_text() -> None:
    assert rows("[bold]x[/] \x1b[31m\x07 \u202eabc") == ["[bold]x[/] \\x1b[31m\\x07 \\u202eabc"]


def test_of_a_long_text_only_the_beginning_is_looked_at() -> None:
    text = "word " * 200_000
    found = render(text, 80)
    assert found.left_out == len(text) - 8_000
    assert len(found.lines) < 120
    lines = render("row\n" * 250_000, 80, first=100)
    assert lines.left_out == 1_000_000 - 99
    assert sum(bool(one.text) for one in lines.lines) == 2


PIECES = st.sampled_from(
    [*"#|`[)*_< \n\x1b", "- ", "* ", "> ", "```", "---", "](", "http://x", "word", "漢字", "1. "]
)


@given(st.lists(PIECES, max_size=60).map("".join), st.integers(8, 60))
def test_any_text_gives_rows_that_are_safe_and_as_wide_as_asked(text: str, width: int) -> None:
    for one in render(text, width).lines:
        assert "\x1b" not in one.text
        assert "\n" not in one.text
        assert all(look == "" or look in TONES for _, look in one.spans)
        if "|" not in text:
            assert cell_len(one.text.rstrip()) <= width

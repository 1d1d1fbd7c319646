"""The map of projects: where each mark stands, what fits, and that it needs neither colour nor drawn signs."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from rich.cells import cell_len

from kedge.model.portfolio.chart import LEAST_HEIGHT, LEAST_WIDTH, Spot, gain_map


def drawn(spots: Sequence[Spot], width: int, height: int, plain: bool = False) -> list[str]:
    return ["".join(text for text, _ in row) for row in gain_map(spots, width, height, "EUR", plain=plain)]


def test_the_map_has_signs_for_size_and_brackets_for_the_chosen() -> None:
    spots = [
        Spot(1, 50_000, 900_000, 0.9, chosen=True),
        Spot(2, 180_000, 100_000, 0.05),
        Spot(3, 100_000, 500_000, 0.3),
        Spot(4, 100_000, 500_000, 0.5),
    ]
    lines = drawn(spots, 70, 14)
    text = "\n".join(lines)
    assert "[●1]" in text
    for marker in ("·2", "∘3", "○4"):
        assert marker in text
    row = {name: next(at for at, one in enumerate(lines) if name in one) for name in ("●1", "·2", "∘3", "○4")}
    assert row["●1"] < row["∘3"] < row["·2"]
    assert row["∘3"] != row["○4"], "two at the same place are both to be seen"
    assert "1,000,000" in lines[1]
    assert "200,000" in lines[-2]
    assert all(sign.isascii() for one in drawn(spots, 70, 14, plain=True) for sign in one)


@pytest.mark.parametrize("width", [LEAST_WIDTH, 40, 79, 200])
@pytest.mark.parametrize("height", [LEAST_HEIGHT, 11, 40])
def test_the_map_fits_any_room(width: int, height: int) -> None:
    spots = [Spot(number, 7 * number, 1000 / number, number / 41, number % 3 == 0) for number in range(1, 41)]
    lines = drawn(spots, width, height)
    assert len(lines) <= height
    assert all(cell_len(one) <= width for one in lines)
    shown = sum(f"{number}]" in "\n".join(lines) for number in range(3, 41, 3))
    assert shown, "what is chosen comes first where there is not room for all"


def test_the_focused_one_is_seen_without_colour() -> None:
    spots = [Spot(1, 10, 10, 0.9, chosen=True, focused=True), Spot(2, 5, 5, 0.9), Spot(3, 2, 8, 0.9, True)]
    text = "\n".join(drawn(spots, 60, 12))
    assert ">●1]" in text
    assert "[●3]" in text
    assert "> focused" in text
    assert "focused" not in "\n".join(drawn(spots[1:], 60, 12))


def test_what_has_no_room_is_said() -> None:
    spots = [Spot(number, 1, 1, 0.5, chosen=number == 9) for number in range(1, 100)]
    head, *lines = drawn(spots, 100, LEAST_HEIGHT)
    assert "[○9]" in "\n".join(lines)
    assert "no room for" in head


def test_there_is_no_map_without_room_or_projects() -> None:
    assert drawn([], 80, 20) == []
    assert drawn([Spot(1, 1, 1, 0.5)], LEAST_WIDTH - 1, 20) == []
    assert drawn([Spot(1, 1, 1, 0.5)], 80, LEAST_HEIGHT - 1) == []


def test_a_loss_stands_on_the_axis_and_free_projects_at_its_left() -> None:
    lines = drawn([Spot(1, 0, -5, 0.5), Spot(2, 10, 10, 0.5)], 60, 12)
    assert "○1" in lines[-4]


def test_more_than_a_column_holds_stand_beside_each_other() -> None:
    spots = [Spot(number, 100, 100, 0.5) for number in range(1, 20)]
    text = "\n".join(drawn(spots, 80, 19)) + "\n"
    assert "no room" not in text
    assert all(f"○{number} " in text or f"○{number}\n" in text for number in range(1, 20))


def test_gain_goes_up_and_cost_to_the_right() -> None:
    lines = drawn([Spot(1, 10, 100, 0.5), Spot(2, 100, 10, 0.5)], 80, 19)
    cheap, dear = (
        next((row, line.index(name)) for row, line in enumerate(lines[1:-2]) if name in line)
        for name in ("○1", "○2")
    )
    assert cheap[0] < dear[0]
    assert cheap[1] < dear[1]


def test_figures_of_many_sizes_go_in_powers_of_ten() -> None:
    spots = [Spot(at + 1, 10.0 ** (3 + at / 8), 10.0 ** (6 - at / 8), 0.5) for at in range(25)]
    head, *lines = drawn(spots, 90, 24)
    assert head.endswith("EUR; gain and cost in powers of ten")
    where = {}
    for row, one in enumerate(lines[:-3]):
        for at in range(1, 26):
            if f"○{at} " in f"{one} ":
                where[at] = row, one.index(f"○{at}")
    assert sorted(where) == list(range(1, 26)), "all are to be seen"
    assert all(where[at][0] < where[at + 4][0] for at in range(1, 22))
    assert all(where[at][1] < where[at + 4][1] for at in range(1, 22))
    assert lines[-3].startswith("    1,000 └")
    assert lines[-2].split() == ["1,000", "100,000", "1,000,000"]


def test_a_mark_stands_near_its_figures() -> None:
    """Sixty crowded ones push each other aside, not to the other end of the map."""
    spots = [Spot(at + 1, 50 + at % 7, 5 + at % 3, 0.5) for at in range(40)] + [Spot(41, 100, 10, 0.5)]
    lines = drawn(spots, 100, 30)[1:-3]
    rows = {at: next(row for row, one in enumerate(lines) if f"○{at} " in f"{one} ") for at in range(1, 42)}
    for at in range(40):
        wanted = (len(lines) - 1) * (1 - (5 + at % 3) / 10)
        assert abs(rows[at + 1] - wanted) <= len(lines) / 4


@pytest.mark.parametrize("figure", [1e-300, 1e308, 0.0, -5.0])
def test_figures_beyond_all_sense_have_a_place(figure: float) -> None:
    spots = [Spot(1, figure, figure, 0.5), Spot(2, 10, 10, 0.5), Spot(3, 10, 20, 0.5)]
    assert all(cell_len(one) <= 80 for one in drawn(spots, 80, 19))

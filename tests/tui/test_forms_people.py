"""Forms as a person meets them: words, what is folded, choices in place, questions, checklists, what is said."""

from __future__ import annotations

from typing import Any

import pytest
from textual.widgets import Input

from kedge.model.plan.ranks import START
from kedge.model.records.address import Address
from kedge.model.records.base import sections
from kedge.model.records.kinds import ENTRIES, KINDS, entry_model, record_model
from kedge.storage.disk.completion import paths_beginning
from kedge.tests.tui.hosts import OPEN, text_of
from kedge.tui.dialogs.prompt import Prompt
from kedge.tui.forms import checklist
from kedge.tui.forms.fields import fields_of
from kedge.tui.forms.form import FormScreen
from kedge.tui.forms.layout import MORE, Layout

from .driver import Driver, PlanFolder, Start, write
from .filling import CARD, fill, on_disk, save

MODELS = [record_model(kind) for kind in KINDS] + [entry_model(kind) for kind in ENTRIES]


@pytest.mark.parametrize("model", MODELS, ids=lambda one: one.__name__)
def test_the_headings_of_every_model_name_fields_that_it_has_each_once(model: Any) -> None:
    named = [name for _, names in model.FORM for name in names]
    assert len(named) == len(set(named))
    assert set(named) <= set(model.model_fields)
    fields = fields_of(model)
    layout = Layout.of(model, fields)
    shown = [one for one in layout.shown(unfolded=True) if one is not MORE]
    assert sorted(one.name for one in shown) == sorted(one.name for one in fields)
    needed = [one for one in fields if not one.shape.optional and one.is_typed]
    assert all(one not in layout.more for one in needed)
    assert all(one.label[:1].isupper() for one in fields)


async def test_labels_are_words_and_the_key_stands_in_the_help(form: Any) -> None:
    async with form() as shown:
        assert "Not before" in text_of(shown[0])
        assert "not_before" not in text_of(shown[0])
        shown[2].view.go_to_path(("not_before",))
        await shown[1].pause()
        assert "not_before: the first day on which it can start" in text_of(shown[0])


async def test_rare_fields_are_folded_until_they_are_asked_for_or_wrong(form: Any) -> None:
    async with form(size=(80, 30)) as shown:
        app, pilot, screen = shown
        assert "offered by" in text_of(app)
        assert "Offered by" not in text_of(app)
        screen.view.go_to(len(screen.view.fields) - 1)
        await pilot.press("enter")
        assert "Offered by" in text_of(app)
        await pilot.press("enter")
        assert "Offered by" not in text_of(app)
        screen.note({("rank",): "is no rank"})
        await pilot.pause()
        assert "is no rank" in text_of(app)
        assert screen.view.field.path == ("rank",)


async def test_few_choices_stand_in_their_field_and_are_chosen_there(form: Any) -> None:
    async with form(lambda session: FormScreen(session, CARD, first=("status",))) as shown:
        app, pilot, screen = shown
        assert "● to do  ○ in progress  ○ done  ○ dropped" in text_of(app)
        for key, status in (
            ("right", "doing"),
            ("d", "doing"),
            ("o", "doing"),
            ("n", "done"),
            ("left", "doing"),
        ):
            await pilot.press(key)
            assert screen.draft.texts["status",] == status, key
        screen.view.go_to_path(("stage",))
        await pilot.press("space", "backspace")
        assert screen.draft.texts["stage",] == ""
        await save(shown)
        assert 'status = "doing"' in on_disk(app)


async def test_what_was_wrong_goes_as_soon_as_it_is_right(form: Any) -> None:
    async with form() as shown:
        app, _, screen = shown
        await fill(shown, "due", "someday")
        await save(shown)
        assert ("due",) in screen.view.notes
        assert app.answer is OPEN
        await fill(shown, "due", "fri")
        assert screen.view.notes == {}


async def test_what_is_needed_is_marked_and_has_the_cursor(form: Any) -> None:
    about = Address("metric", "churn", "")
    async with form(lambda session: FormScreen.edit(session, about)) as shown:
        rows = text_of(shown[0]).splitlines()
        assert any(row.startswith("> ") and "Title *" in row for row in rows)
        assert sum(row.startswith(">") for row in rows) == 1
        assert shown[0].focused.region.y == next(at for at, row in enumerate(rows) if row.startswith(">"))


async def test_saving_says_what_was_saved(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("budget")
        await on.act("card.edit")
        form: Any = on.app.screen
        form.view.go_to_path(("estimate",))
        form.view.put("2/3/8")
        form.view.go_to_path(("due",))
        form.view.put("2026-11-25")
        await on.save_form()
        await on.saved()
        assert "Saved: estimate 1/2/4 → 2/3/8, due → Wed 25 Nov" in on.foot()


async def test_one_after_the_other_is_added(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        await on.go_to("labels")
        on.app.host.open_form(Address("card", "churn", ""), given={"place": "execute/data-pipeline"})
        await on.pilot.pause()
        for title in ("First of two", "Second of two"):
            await on.type(title)
            await on.act("form.another")
            await on.saved()
            await on.until("New card in churn")
        await on.act("text.leave")
        assert on.app.screen is on.board
        made = [one for one in on.board.plan.cards.values() if one.title.endswith("of two")]
        assert [(one.title, one.place) for one in made] == [
            ("First of two", "execute/data-pipeline"),
            ("Second of two", "execute/data-pipeline"),
        ]


# ---- questions


async def asked(on: Driver, item: str, **given: Any) -> Any:
    on.app.host.open_form(Address("answer", "churn", item), **given)
    await on.pilot.pause()
    return on.app.screen


def answers(on: Driver) -> Any:
    assert on.app.session is not None
    found: Any = on.app.session.plan.get(Address("assessment", "churn", "assessment"))
    return found.answers


async def test_a_question_keeps_itself_and_the_ladder_in_sight_and_offers_no_id(
    plan: PlanFolder, start: Start
) -> None:
    async with start(plan.root, size=(80, 24)) as on:
        form = await asked(on, "pr-errors")
        text = on.text()
        assert "Are unexpected situations handled?" in text
        assert "Met when every line holds" in text
        assert "○ nothing  ○ opinion  ○ analogue  ○ test  ○ rehearsal  ○ proven" in text
        assert "[ ] low confidence has its own path" in text
        assert ("id",) not in form.draft.fields
        await on.press("space", "down", "down", "space", "tab", "t")
        await on.act("form.save")
        await on.saved()
        answer = answers(on)["pr-errors"]
        assert answer.checked == (
            "bad or missing input is refused or repaired",
            "low confidence has its own path",
        )
        assert answer.confidence == "test"


@pytest.mark.parametrize(
    ("item", "keys", "verdict"),
    [
        ("disc-simpler", "n", False),
        ("disc-fit", "4", 4),
        ("disc-benefit", ("down", "space"), ("more revenue",)),
        ("disc-reach", "9", 9),
    ],
)
async def test_each_kind_of_question_has_its_own_control(
    plan: PlanFolder, start: Start, item: str, keys: str, verdict: object
) -> None:
    write(plan.root / "projects/churn/assessment.toml", f'[answers.{item}]\nstate = "unknown"\n')
    async with start(plan.root) as on:
        form = await asked(on, item)
        form.view.go_to_path(("verdict",))
        await on.press(*keys)
        await on.act("form.save")
        await on.saved()
        answer = answers(on)[item]
        assert (answer.verdict, answer.state) == (verdict, None)


async def test_figures_have_a_field_each(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        form = await asked(on, "pri-gain")
        assert [one.label for one in form.view.fields][:3] == ["Low", "Likely", "High"]
        await on.press("1", "tab", "2", "tab", "3")
        await on.act("form.save")
        await on.saved()
        values = answers(on)["pri-gain"].values
        assert values == {"low": 1, "likely": 2, "high": 3}


# ---- the checklist


async def test_a_checklist_is_typed_in_the_form(form: Any) -> None:
    async with form(lambda session: FormScreen(session, CARD, first=("checklist",))) as shown:
        await shown[1].press(*"agree", "enter", *"[x] run")
        await save(shown)
        card: Any = shown[0].session.plan.get(CARD)
        assert [(one.text, one.done) for one in card.checklist.values()] == [("agree", False), ("run", True)]


BEFORE = {
    "k1": {"text": "one", "rank": "a0", "done": True, "since": 3},
    "k2": {"text": "two", "rank": "a1"},
    "k3": {"text": "three", "rank": "a2"},
}


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("[x] one\n[ ] two\n[ ] three", ["k1", "k2", "k3"]),
        ("one\ntwo, reworded\nthree", ["k1", "k2", "k3"]),
        ("three\none\ntwo", ["k3", "k1", "k2"]),
        ("one\nnew\ntwo\nthree", ["k1", "new", "k2", "k3"]),
        ("- [ ] three\n\n", ["k3"]),
        ("new\nnew", ["k1", "k2"]),
        ("", []),
    ],
)
def test_lines_of_a_checklist_keep_their_keys(text: str, keys: list[str]) -> None:
    found = checklist.read(text, BEFORE)
    ordered = sorted(found, key=lambda key: found[key].get("rank", START))
    assert ordered == keys
    assert [one["text"] for one in map(found.get, ordered) if one] == [
        line.split("] ")[-1] for line in text.splitlines() if line
    ]
    if "k1" in found and found["k1"]["text"] == "one":
        assert found["k1"]["since"] == 3


def test_a_checklist_that_is_not_touched_reads_as_it_was() -> None:
    assert checklist.read(checklist.write(BEFORE), BEFORE) == BEFORE


# ---- paths


async def test_a_path_completes_by_tab(form: Any) -> None:
    async with form(lambda session: FormScreen(session, CARD, first=("links",))) as shown:
        app, pilot, screen = shown
        (app.root.parent / "reports").mkdir()
        (app.root.parent / "reports" / "chaos.md").write_text("found")
        screen.view.put("")
        await pilot.press(*"rep")
        await app.settle(pilot)
        assert "reports/ (Tab takes the first)" in text_of(app)
        await pilot.press("tab")
        await app.settle(pilot)
        await pilot.press("tab")
        await app.settle(pilot)
        assert screen.draft.texts["links",] == "reports/chaos.md"
        await pilot.press("tab")
        assert screen.view.field.name != "links"


def test_hidden_and_unreadable_places_offer_nothing(tmp_path: Any) -> None:
    for name in (".git", "data.csv", "data2.csv"):
        (tmp_path / name).write_text("")
    assert paths_beginning(str(tmp_path), "") == ("data.csv", "data2.csv")
    assert paths_beginning(str(tmp_path), "data.csv") == ()
    assert paths_beginning(str(tmp_path), ".g") == (".git",)
    assert paths_beginning(str(tmp_path), "nowhere/x") == ()
    assert paths_beginning(str(tmp_path), "a\0b/") == ()


def test_sections_are_never_folded() -> None:
    project = record_model("project")
    layout = Layout.of(project, fields_of(project))
    assert {one.name for group in layout.groups for one in group.fields} >= set(sections(project))


async def test_files_to_measure_complete(form: Any, tmp_path: Any) -> None:
    (tmp_path / "events.csv").write_text("")
    async with form() as shown:
        app, pilot, _ = shown
        app.open(Prompt("Measure", "files", "", files_below=str(tmp_path)))
        await pilot.pause()
        for typed, offered in (
            ("ev", "events.csv"),
            (" ev", "events.csv events.csv"),
            (" 'a", "events.csv events.csv 'a"),
        ):
            await pilot.press(*typed)
            await app.settle(pilot)
            await pilot.press("right")
            assert app.screen.query_one(Input).value == offered


# ---- things that are named by another


@pytest.mark.parametrize(
    ("kind", "label"), [("allocation", "Person"), ("stage", "Stage"), ("quality", "Quality")]
)
async def test_what_names_an_entry_is_asked_for_first(
    plan: PlanFolder, start: Start, kind: str, label: str
) -> None:
    async with start(plan.root) as on:
        on.app.host.open_form(Address(kind, "churn", ""))
        await on.pilot.pause()
        first = next(line for line in on.lines() if line.startswith(">"))
        assert first.split()[1:3] == [label, "*"]


async def test_what_a_place_brings_with_it_is_no_change(plan: PlanFolder, start: Start) -> None:
    async with start(plan.root) as on:
        given = {"id": "disc-reach", "item": "disc-reach"}
        on.app.host.open_form(Address("waiver", "churn", ""), given=given)
        await on.pilot.pause()
        assert "changed" not in on.lines()[0]
        await on.press("down")
        assert "How many people or events a year would it touch?" in on.text()

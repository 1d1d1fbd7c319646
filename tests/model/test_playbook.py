"""The shipped playbook: complete, without a dangling name, and equal to what the code says of it."""

from __future__ import annotations

import copy
import subprocess
import sys
import tomllib
from collections import Counter
from importlib.resources import files
from typing import Any

import pytest

from kedge.model import playbook
from kedge.model.playbook import outline
from kedge.model.playbook.item import Item
from kedge.model.playbook.loading import TABLES, from_data
from kedge.model.playbook.playbook import Playbook
from kedge.model.records.address import is_id
from kedge.model.records.kinds import ENTRIES, KINDS

PACKAGE = files("kedge.model.playbook")


@pytest.fixture(scope="module")
def book() -> Playbook:
    return playbook.shipped()


def problems_of(data: dict[str, Any]) -> list[str]:
    return [str(problem) for problem in from_data(data)[1]]


def changed(*path: str, value: object) -> dict[str, Any]:
    """The shipped tables with one value set."""
    data = copy.deepcopy(playbook.shipped_data())
    table = data
    for key in path[:-1]:
        table = table.setdefault(key, {})
    table[path[-1]] = value
    return data


# ---- what is there


def test_the_shipped_playbook_has_no_problems():
    assert problems_of(playbook.shipped_data()) == []


def test_counts(book: Playbook):
    assert len(book.phases) == 4
    assert len(book.stages) == 3
    assert len(book.steps) == 14
    assert len(book.items) == 131
    assert len(book.gates) == 5
    assert len(book.decisions) == 16
    assert len(book.roles) == 9
    assert len(book.rules) == 18
    assert len(book.portfolio) == 9
    assert len(book.views) == 6
    assert len(book.calculators) == 30
    assert sum(len(calculator.examples) for calculator in book.calculators) == 73
    assert [len(rubric.tests) for rubric in book.rubrics] == [28]
    assert len(book.sources) == 32


def test_items_by_step_and_kind(book: Playbook):
    per_step = {step.id: len(book.items_of(step.id)) for step in book.steps}
    assert per_step == {
        "discovery": 17,
        "data-infra": 11,
        "stages": 7,
        "prioritise": 12,
        "architect": 13,
        "strategy": 10,
        "tactics": 6,
        "data-pipeline": 9,
        "training-pipeline": 10,
        "production-pipeline": 9,
        "test-in-production": 8,
        "monitoring": 6,
        "document": 5,
        "next-round": 8,
    }
    kinds = Counter(item.kind for item in book.items)
    assert kinds == {
        "check": 35,
        "record": 23,
        "numbers": 21,
        "choice": 20,
        "number": 11,
        "yesno": 8,
        "text": 6,
        "scale": 7,
    }
    assert sum(len(item.lines) for item in book.items) == 146
    assert sum(item.triage for item in book.items) == 9


@pytest.mark.parametrize(
    ("gate", "blocking"),
    [
        ("gate-assess", (27, 40, 42)),
        ("gate-plan", (13, 22, 25)),
        ("gate-traffic", (12, 25, 28)),
        ("gate-execute", (5, 13, 16)),
        ("gate-iterate", (6, 6, 6)),
    ],
)
def test_gates_grow_stricter_with_the_stage(book: Playbook, gate: str, blocking: tuple[int, ...]):
    found = book.gate(gate)
    assert found is not None
    items = [item for step in found.steps for item in book.items_of(step)]
    counts = tuple(sum(item.blocks_at(stage.id) for item in items) for stage in book.stages)
    assert counts == blocking


def test_every_step_belongs_to_one_gate(book: Playbook):
    assert sorted(step for gate in book.gates for step in gate.steps) == sorted(
        step.id for step in book.steps
    )


def test_every_statement_of_the_articles_is_carried(book: Playbook):
    parts = [book.about, book.scoring, *book.stages, *book.items, *book.gates, *book.calculators]
    parts += [*book.rules, *book.portfolio, *book.views, *book.roles]
    traced = {trace for part in parts for trace in part.trace}
    assert len(traced) == 308
    assert all(is_id(trace) for trace in traced)


def test_decisions_are_fed_and_sources_are_used(book: Playbook):
    parts = [*book.items, *book.calculators]
    assert {decision for part in parts for decision in part.feeds} == {one.id for one in book.decisions}
    used = {source for part in [*book.items, *book.portfolio, *book.scoring.moves] for source in part.source}
    assert used | {rubric.source for rubric in book.rubrics} == set(book.sources)


def test_evidence_climbs_and_its_anchor_holds(book: Playbook):
    chances = [level.p for level in book.scoring.evidence]
    assert chances == sorted(chances)
    opinion = next(level for level in book.scoring.evidence if level.id == "opinion")
    assert round(opinion.p**4, 2) == 0.20


def test_every_calculator_has_examples_that_give_what_it_promises(book: Playbook):
    for calculator in book.calculators:
        assert calculator.examples, calculator.id
        for example in calculator.examples:
            assert example.inputs, calculator.id
            assert example.outputs, calculator.id
            assert example.origin.startswith(("own", "published", "data published")), example.origin
    schedule = book.calculator("calc-schedule")
    assert schedule is not None
    assert schedule.examples[0].outputs == {"mean": 24, "variance": 5, "p_by": 0.963181, "p80": 25.88192}
    peeking = book.calculator("calc-peeking")
    assert peeking is not None
    assert [example.tolerance for example in peeking.examples] == [0.004, 0.004, 0.001]


def test_texts_are_questions_that_fit_a_screen(book: Playbook):
    for item in book.items:
        assert len(item.text) <= 240, item.id
        assert len(item.why) <= 120, item.id
        assert item.text == " ".join(item.text.split()), item.id
        assert item.text[-1] in ".?)", item.id
        assert item.why[-1] == ".", item.id


def test_records_answer_items(book: Playbook):
    kinds = {*KINDS, *ENTRIES}
    answered = {kind: [one.id for one in book.items if kind in one.record] for kind in kinds}
    assert {kind for one in book.items for kind in one.record} <= kinds
    assert answered["metric"] == ["strat-north-star", "strat-guardrails"]
    assert answered["business"] == answered["technical"] == ["arch-requirements"]


# ---- the files


def test_no_entry_is_written_twice_and_no_file_is_forgotten():
    seen: set[tuple[str, str]] = set()
    for name in playbook.FILES:
        for table, entries in tomllib.loads(PACKAGE.joinpath(name).read_text("utf-8")).items():
            keys = {(table, key) for key in entries}
            assert not keys & seen, name
            seen |= keys
    toml = {entry.name for entry in PACKAGE.iterdir() if entry.name.endswith(".toml")}
    assert toml == set(playbook.FILES)


def test_the_spine_says_what_the_files_say(book: Playbook):
    assert [(phase.id, phase.title) for phase in book.phases] == list(outline.PHASES)
    assert [(stage.id, stage.title) for stage in book.stages] == list(outline.STAGES)
    ordered = sorted(book.steps, key=lambda step: step.number)
    assert [(step.phase, step.id, step.title) for step in ordered] == list(outline.STEPS)
    assert [step.number for step in ordered] == list(range(1, 15))
    assert book.places() == outline.PLACES


@pytest.mark.parametrize(
    ("place", "titles"),
    [
        ("plan/tactics", ["Plan", "Plan tactics"]),
        ("plan", ["Plan"]),
        ("iterate/next-round", ["Iterate"]),
        ("execute/own", ["Execute", "own"]),
    ],
)
def test_a_place_is_called_by_its_phase_and_step_without_saying_one_twice(
    place: str, titles: list[str]
) -> None:
    assert outline.place_titles(place) == titles


def test_the_spine_loads_neither_models_nor_files():
    code = (
        "import sys; from kedge.model.playbook import outline; assert outline.PLACES[1] == 'assess/discovery'; "
        "print([name for name in ('pydantic', 'tomllib') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# ---- looking up


def test_lookups(book: Playbook):
    item = book.item("disc-fit")
    assert item is not None
    assert item.grades[3] == "similar problems solved, other data"
    assert book.item("nothing") is None
    assert [step.id for step in book.steps_of("plan")] == ["architect", "strategy", "tactics"]
    assert book.steps_of("nowhere") == book.items_of("nowhere") == ()
    assert [gate.id for gate in book.gates_of("execute")] == ["gate-traffic", "gate-execute"]
    stage = book.stage("growth")
    assert stage is not None
    assert stage.should_score == 0.5


def test_a_reply_knows_what_is_missing(book: Playbook):
    item = book.item("arch-load")
    assert item is not None
    some = item.reply(values={"users": 9000, "peak factor": 4})
    assert some.missing == ("requests per day", "growth per year")
    assert not item.met(some)
    whole = item.reply(
        values={"users": 9000, "peak factor": 4, "requests per day": 86400, "growth per year": 20}
    )
    assert item.met(whole)
    assert not item.met(item.reply(values={**whole.values, "users": ""}))

    check = book.item("disc-aware")
    assert check is not None
    assert not check.met(check.reply())
    assert not check.met(check.reply(checked=check.lines[:3]))
    assert check.met(check.reply(checked=[*check.lines, "a line of an older playbook"]))


def test_a_load_test_is_compared_with_the_planned_peak(book: Playbook):
    load, limits, tested = book.item("arch-load"), book.item("arch-limits"), book.item("pr-load")
    assert load is not None
    assert limits is not None
    assert tested is not None
    others = {
        "arch-load": load.reply(values={"requests per day": 864_000, "peak factor": 5}),
        "arch-limits": limits.reply(values={"p95 latency": 200}),
    }
    tried, latency = "requests per second tried", "p95 latency at that load"
    assert tested.met(tested.reply(values={tried: 50, latency: 200}), others)
    assert not tested.met(tested.reply(values={tried: 49, latency: 200}), others)
    assert not tested.met(tested.reply(values={tried: 50, latency: 201}), others)
    assert not tested.met(tested.reply(values={tried: 50, latency: 200}))


def test_items_that_apply_only_sometimes(book: Playbook):
    profile, agreement = book.item("disc-profile"), book.item("dp-agreement")
    assert profile is not None
    assert agreement is not None
    assert not agreement.applies({})
    assert not agreement.applies({"disc-profile": profile.reply(("none of these",))})
    assert agreement.applies({"disc-profile": profile.reply(("generates content", "labels made by people"))})
    bias = book.item("tr-bias")
    assert bias is not None
    assert bias.applies({"disc-profile": profile.reply(("affects people's rights or chances",))})


def test_conditions_are_written_back_as_text(book: Playbook):
    item = book.item("dp-agreement")
    assert item is not None
    dumped = item.model_dump(by_alias=True, include={"passes", "when", "filter"})
    assert dumped == {"pass": ">= 0.6", "when": "disc-profile has 'labels made by people'", "filter": None}


# ---- what is found to be wrong

ITEM = ("item", "disc-fit")


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ((*ITEM, "step"), "nowhere", "item.disc-fit.step: names the step 'nowhere', which is not there"),
        (
            ("scoring", "evidence", "opinion", "p"),
            0.8,
            "scoring.evidence.analogue.p: is 0.75, below that of opinion, 0.8: better evidence would be worth less",
        ),
        (
            ("scoring", "floor_confidence"),
            0.99,
            "scoring.floor_confidence: is 0.99, and cap_confidence is 0.95: every chance is one",
        ),
        (
            ("portfolio", "port-many", "parameters"),
            {"max_share": 50},
            "portfolio.port-many.parameters: max_share: a share is between 0 and 1; 50 % is 0.5 or `50%`",
        ),
        (
            ("gate", "gate-assess", "conditions", "works-council"),
            "...",
            "gate.gate-assess.conditions.works-council: says nothing: '...'",
        ),
        ((*ITEM, "feeds"), ["dec-x"], "item.disc-fit.feeds: names the decision 'dec-x', which is not there"),
        ((*ITEM, "source"), ["x"], "item.disc-fit.source: names the source 'x', which is not there"),
        (
            (*ITEM, "calculator"),
            "x",
            "item.disc-fit.calculator: names the calculator 'x', which is not there",
        ),
        ((*ITEM, "per"), "pet", "item.disc-fit.per: names the kind of record 'pet', which is not there"),
        ((*ITEM, "weight"), 9, "item.disc-fit.weight: input should be less than or equal to 5"),
        ((*ITEM, "weight"), "5", "item.disc-fit.weight: input should be a valid integer"),
        ((*ITEM, "wieght"), 5, "item.disc-fit.wieght: is not a known key"),
        ((*ITEM, "pass"), "yes", "item.disc-fit.pass: 'yes' does not fit an item of kind scale"),
        ((*ITEM, "pass"), 3, "item.disc-fit.pass: a text is expected"),
        ((*ITEM, "labels"), ["good"], "item.disc-fit.labels: 'good' does not begin with its grade, 1 to 5"),
        ((*ITEM, "labels"), [], "item.disc-fit.labels: is missing: an item of kind scale needs it"),
        ((*ITEM, "id"), "x", "item.disc-fit.id: repeats what the heading says"),
        (
            ("item", "disc-benefit", "pass"),
            "not:nonsense",
            "item.disc-benefit.pass: names the choice 'nonsense', which the item does not have",
        ),
        (
            ("item", "tr-quality", "pass"),
            "lower bound >= arch-quality.least",
            "item.tr-quality.pass: names the field 'least', which arch-quality does not have",
        ),
        (
            ("item", "dp-agreement", "when"),
            "disc-profile has 'nothing'",
            "item.dp-agreement.when: names the choice 'nothing', which disc-profile does not have",
        ),
        (
            ("item", "strat-guardrails", "filter"),
            "rolle == 'guardrail'",
            "item.strat-guardrails.filter: names 'rolle', which a metric does not have",
        ),
        (("item", "Bad Id"), {}, "item.Bad Id: has a heading that is not an id"),
        (("item", "disc-new"), 3, "item.disc-new: is not a table"),
        (
            ("gate", "gate-plan", "steps"),
            ["x"],
            "gate.gate-plan.steps: names the step 'x', which is not there",
        ),
        (("gate", "gate-plan", "also"), ["x"], "gate.gate-plan.also: names the item 'x', which is not there"),
        (
            ("gate", "gate-plan", "also"),
            ["tp-detect.x"],
            "gate.gate-plan.also: names the field 'x', which tp-detect does not have",
        ),
        (
            ("rubric", "ml-test-score", "tests", "mlts-data-1", "item"),
            "x",
            "rubric.ml-test-score.tests.mlts-data-1.item: names the item 'x', which is not there",
        ),
        (
            ("scoring", "evidence", "test", "p"),
            1.5,
            "scoring.evidence.test.p: input should be less than or equal to 1",
        ),
        (("step", "monitoring", "number"), 3, "step.monitoring.number: is the number of stages"),
        (
            ("phase", "review"),
            {"title": "R", "question": "?"},
            "phase: must be assess, plan, execute, iterate",
        ),
        (("sources", "own"), 3, "sources.own: should be a text"),
        (("itme",), {}, "itme: is not a table of a playbook"),
        (("playbook",), 3, "playbook: is not a table"),
        (("item",), [{"id": "x"}], "item: is not a table of entries"),
    ],
)
def test_a_mistake_is_a_problem_with_its_place(path: tuple[str, ...], value: object, expected: str):
    found = problems_of(changed(*path, value=value))
    assert any(problem.startswith(expected) for problem in found), found


def test_a_misspelt_key_gets_the_nearest_one():
    problems = from_data(changed("item", "disc-fit", "wieght", value=5))[1]
    assert [problem.hint for problem in problems] == ["Did you mean `weight`?"]


def test_an_id_names_one_thing():
    data = changed("rule", "discovery", value={"rule": "x", "effect": "warn"})
    assert problems_of(data) == ["rule.discovery: has the id of a step"]


def test_an_empty_playbook_loads_and_says_what_it_lacks():
    book, problems = from_data({})
    assert book.items == ()
    assert {problem.path for problem in problems} == {("phase",), ("stage",)}


def test_scoring_without_a_table_computes_as_the_shipped_one(book: Playbook):
    bare = from_data({})[0].scoring
    for name in ("horizon_years", "discount_rate", "cap_confidence", "floor_confidence"):
        assert getattr(bare, name) == getattr(book.scoring, name)


def test_models_are_frozen(book: Playbook):
    with pytest.raises(ValueError, match="frozen"):
        book.items[0].weight = 1  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(ValueError, match="frozen"):
        book.items = ()  # pyright: ignore[reportAttributeAccessIssue]


def test_each_table_has_its_own_field(book: Playbook):
    names = [name for name, _ in TABLES.values()]
    assert len(set(names)) == len(names)
    assert all(isinstance(getattr(book, name), tuple) for name in names)
    assert TABLES["item"] == ("items", Item)

"""A form that moves a goal after work began says so when it has saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from kedge.model.records.address import Address
from kedge.tests.tui.hosts import SessionHost, write
from kedge.tui.forms.form import FormScreen
from kedge.tui.session.session import Saved

FILES = {
    "board.toml": "format = 1\n",
    "projects/churn/strategy.toml": '[metrics.recall]\ntitle = "Recall"\ntarget = 0.3\n',
}
SAID = (
    'goal moves after work began: "Recall" (recall) target 0.3 → 0.25; say why: '
    "kedge decision add … changes=metrics.recall.target"
)


@pytest.mark.parametrize(
    ("phase", "field", "typed", "said"),
    [("execute", "target", "0.25", (SAID,)), ("execute", "title", "R", ()), ("plan", "target", "0.25", ())],
)
async def test_what_a_form_says_of_a_goal(
    tmp_path: Path, phase: str, field: str, typed: str, said: tuple[str, ...]
) -> None:
    project = f'title = "Churn"\nphase = "{phase}"\n'
    app = SessionHost(write(tmp_path / "plan", {**FILES, "projects/churn/project.toml": project}))
    async with app.run_test(size=(120, 40)) as pilot:
        form = FormScreen(app.session, Address("metric", "churn", "recall"))
        app.open(form)
        await pilot.pause()
        form.draft.texts[field,] = typed
        form.save()
        await app.settle(pilot)
    (saved,) = [one for one in app.events if isinstance(one, Saved)]
    assert saved.remarks == said

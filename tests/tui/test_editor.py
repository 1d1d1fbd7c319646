"""The trip to the editor: what is written, what comes back, and that no text is lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from textual.app import SuspendNotSupported

from kedge.model.records.address import Address
from kedge.storage.disk.editor import NoEditor
from kedge.tests.tui.hosts import SessionHost, text_of, write
from kedge.tui.dialogs.ask import Ask
from kedge.tui.dialogs.message import Message
from kedge.tui.forms.editor import MARK, edit_record, in_terminal, with_mistakes, without_mistakes

CARD = Address("card", "churn", "a-bcdf")
FILE = "projects/churn/cards/a-bcdf.toml"
FILES = {
    "board.toml": "format = 1\n",
    "projects/churn/project.toml": 'title = "Churn"\n',
    "projects/churn/strategy.toml": '[metrics.recall]\ntitle = "Recall"\n',
    FILE: '# kept\ntitle = "A"\nplace = "execute"\n',
}


class Editor:
    """Stands for a person in an editor: each time it is opened the next of some edits is made."""

    def __init__(self, *edits: Callable[[str], str]) -> None:
        self.edits = list(edits)
        self.seen: list[str] = []
        self.commands: list[Sequence[str]] = []

    def __call__(self, words: Sequence[str]) -> None:
        self.commands.append(words)
        path = Path(words[-1])
        self.seen.append(path.read_text())
        path.write_text(self.edits.pop(0)(self.seen[-1]))


@pytest.fixture(autouse=True)
def _an_editor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VISUAL", "vi -n")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


async def edited(
    tmp_path: Path, run: Any, *keys: str, address: Address = CARD, files: dict[str, str] = FILES
) -> tuple[SessionHost, str]:
    """The host after a trip with some keys pressed on the way, and what it showed at the end."""
    app = SessionHost(write(tmp_path / "plan", files))
    async with app.run_test() as pilot:
        edit_record(app, app.session, address, run=run)
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        await pilot.pause()
        shown = text_of(app)
        app.answer = type(app.screen)
    return app, shown


def on_disk(app: SessionHost, path: str = FILE) -> str:
    return (app.root / path).read_text()


async def test_what_was_edited_is_written_byte_by_byte_and_can_be_undone(tmp_path: Path) -> None:
    app, _ = await edited(tmp_path, Editor(lambda text: text + "owner   =  'mira' # mine\n"))
    assert on_disk(app) == FILES[FILE] + "owner   =  'mira' # mine\n"
    assert app.session.plan.cards["a-bcdf"].owner == "mira"
    app.session.workspace.undo()
    assert on_disk(app) == FILES[FILE]
    assert not list(tmp_path.glob("kedge-*"))


async def test_nothing_is_written_where_nothing_was_changed(tmp_path: Path) -> None:
    app, _ = await edited(tmp_path, Editor(str))
    assert on_disk(app) == FILES[FILE]
    assert not app.events


async def test_a_mistake_comes_back_on_its_line_with_the_persons_text(tmp_path: Path) -> None:
    editor = Editor(
        lambda text: text + "owner = \n# still mine\n",
        lambda text: text.replace("owner = ", 'owner = "mira"'),
    )
    app, _ = await edited(tmp_path, editor, "e")
    rows = editor.seen[1].splitlines()
    assert rows[3].startswith(f"{MARK}line 4: ")
    assert rows[4:] == ["owner = ", "# still mine"]
    assert "+4" in editor.commands[1]
    assert on_disk(app) == FILES[FILE] + 'owner = "mira"\n# still mine\n'


async def test_a_text_that_is_discarded_stays_as_a_copy(tmp_path: Path) -> None:
    app, shown = await edited(tmp_path, Editor(lambda _: "title = \n"), "d")
    assert app.answer is Message
    assert on_disk(app) == FILES[FILE]
    copies = list(tmp_path.glob("kedge-*/a-bcdf.toml"))
    assert [one.read_text() for one in copies] == ["title = \n"]
    assert copies[0].parent.name in re.sub(r"[\s│]", "", shown)


async def test_a_value_that_does_not_fit_can_be_kept(tmp_path: Path) -> None:
    app, shown = await edited(tmp_path, Editor(lambda text: text + 'status = "perhaps"\n'))
    assert app.answer is Ask
    assert "keep it as it is" in shown
    app, _ = await edited(tmp_path / "2", Editor(lambda text: text + 'status = "perhaps"\n'), "k")
    assert 'status = "perhaps"' in on_disk(app)


async def test_a_broken_file_can_be_mended(tmp_path: Path) -> None:
    files = {**FILES, FILE: 'title = "A\n'}
    app, _ = await edited(tmp_path, Editor(lambda _: 'title = "A"\n'), files=files)
    assert on_disk(app) == 'title = "A"\n'
    assert not app.session.workspace.broken()


@pytest.mark.parametrize(("key", "kept"), [("o", "mine"), ("k", "theirs")])
async def test_a_file_that_changed_meanwhile_is_not_overwritten_unasked(
    tmp_path: Path, key: str, kept: str
) -> None:
    path = tmp_path / "plan" / FILE

    def both(text: str) -> str:
        path.write_text(text + "# theirs\n")
        return text + "# mine\n"

    app, _ = await edited(tmp_path, Editor(both), key)
    assert on_disk(app) == FILES[FILE] + f"# {kept}\n"


async def test_what_two_people_wrote_on_different_lines_is_merged_unasked(tmp_path: Path) -> None:
    path = tmp_path / "plan" / FILE

    def both(text: str) -> str:
        path.write_text(text.replace('place = "execute"', 'place = "plan"'))
        return "# mine\n" + text + 'owner = "mira"\n'

    app, _ = await edited(tmp_path, Editor(both))
    assert on_disk(app) == '# mine\n# kept\ntitle = "A"\nplace = "plan"\nowner = "mira"\n'
    assert not list(tmp_path.glob("kedge-*"))


async def test_an_editor_that_takes_the_file_away_changes_nothing(tmp_path: Path) -> None:
    def remove(words: Sequence[str]) -> None:
        Path(words[-1]).unlink()

    app, shown = await edited(tmp_path, remove)
    assert app.answer is Message
    assert "nothing was changed" in shown
    assert on_disk(app) == FILES[FILE]


def test_the_terminal_comes_back_where_the_editor_cannot_be_started() -> None:
    class Terminal:
        """Resumes only where nothing is raised while it is suspended, as Textual does."""

        is_back = False

        @contextmanager
        def suspend(self) -> Iterator[None]:
            yield
            self.is_back = True

    terminal = Terminal()
    with pytest.raises(NoEditor, match="/nowhere/editor"):
        in_terminal(cast("Any", terminal))(["/nowhere/editor", "x.toml"])
    assert terminal.is_back


async def test_an_entry_opens_the_file_that_it_is_in(tmp_path: Path) -> None:
    editor = Editor(lambda text: text + "target = 1\n")
    app, _ = await edited(tmp_path, editor, address=Address("metric", "churn", "recall"))
    assert "target = 1" in on_disk(app, "projects/churn/strategy.toml")
    assert editor.commands[0][-1].endswith("strategy.toml")


async def test_where_no_editor_can_be_opened_that_is_said_with_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Sequence[str]) -> None:
        raise SuspendNotSupported("not here")

    def fail(_: Sequence[str]) -> None:
        raise NoEditor("the editor ended with code 1")

    for number, run in enumerate((refuse, fail)):
        app, shown = await edited(tmp_path / str(number), run)
        assert app.answer is Message
        assert on_disk(app) == FILES[FILE]
    monkeypatch.setenv("VISUAL", "'unclosed")
    app, shown = await edited(tmp_path / "3", None)
    assert app.answer is Message
    assert "VISUAL cannot be understood" in shown


def test_comments_of_mistakes_are_taken_out_and_nothing_else() -> None:
    text = "a = 1\r\n# mine\nb = \n"
    assert without_mistakes(with_mistakes(text, [])) == text

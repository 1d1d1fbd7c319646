"""Plans of some megabytes that cost their reader much, one kind of cost each; `bounds.py` runs the commands on them."""

# ruff: noqa: E501 - the lines of the files that are written
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

FILE = 990_000
"""Bytes of a file, a little below what is read of one."""
HEAD = 'title = "x"\nplace = "plan"\n'


def repeated(line: Callable[[int], str], size: int, before: str = HEAD, after: str = "") -> str:
    """A text of lines by number, of about so many bytes."""
    parts, length, number = [before], len(before), 0
    while length < size:
        parts.append(line(number))
        length += len(parts[-1])
        number += 1
    return "".join(parts) + after


def listed(item: Callable[[int], str], name: str = "needs", most: int = 10**9) -> Callable[[int], str]:
    """A file whose list has as many items as fit, or so many."""

    def made(size: int) -> str:
        parts, length = [], 0
        while length < size and len(parts) < most:
            parts.append(item(len(parts)))
            length += len(parts[-1]) + 1
        return f"{HEAD}{name}=[{','.join(parts)}]\n"

    return made


Kind = tuple[Callable[[int], str], int]
"""A file's text by its size, and the size of each file."""
KINDS: dict[str, Kind] = {
    "deep dotted keys": (lambda size: repeated(lambda at: "a." * 400 + f"b{at}=1\n", size), FILE),
    "deep dotted keys, small files": (lambda size: repeated(lambda at: "a." * 900 + f"b{at}=1\n", size), 4_000),
    "dotted keys at the limit": (lambda size: repeated(lambda at: "a." * 6 + f"b{at}=1\n", size), 250_000),
    "deep headers": (lambda size: repeated(lambda at: "[" + "a." * 400 + f"b{at}]\n", size), FILE),
    "quoted dotted keys": (lambda size: repeated(lambda at: '"a" . ' * 200 + f"b{at}=1\n", size), FILE),
    "dotted keys inside a table": (lambda size: repeated(lambda at: f"x{at}={{{'a.' * 300}b=1}}\n", size), FILE),
    "deep arrays": (lambda size: f"{HEAD}x={'[' * (size // 2)}{']' * (size // 2)}\n", FILE),
    "arrays of 300 levels": (lambda size: repeated(lambda at: f"x{at}={'[' * 300}{']' * 300}\n", size), FILE),
    "arrays of 6 levels": (lambda size: repeated(lambda at: f"x{at}={'[' * 6}{']' * 6}\n", size), 20_000),
    "deep inline tables": (lambda size: repeated(lambda at: f"x{at}={'{a=' * 200}1{'}' * 200}\n", size), FILE),
    "many needs": (listed(lambda at: f'"n{at}"'), FILE),
    "needs at the limit": (listed(lambda at: f'"n{at}"', most=500), 4_500),
    "needs that are none": (listed(lambda at: f'"No {at}"', most=500), 5_000),
    "needs of others": (listed(lambda at: f'"c-{at % 500}"', most=500), 4_500),
    "equal needs": (listed(lambda at: '"c-1"', most=500), 3_500),
    "small figures": (listed(lambda at: "1", "x"), FILE),
    "small figures at the limit": (listed(lambda at: "1", "x", most=2_000), 4_000),
    "many tags": (listed(lambda at: f'"t{at}"', "tags", most=500), 4_500),
    "many links": (listed(lambda at: f'"docs/{at}.md"', "links", most=500), 8_000),
    "many unknown keys": (lambda size: repeated(lambda at: f"k{at}=1\n", size), FILE),
    "unknown keys at the limit": (lambda size: repeated(lambda at: f"ownr-{at}=1\n", size), 250_000),
    "few unknown keys, many files": (lambda size: repeated(lambda at: f"ownr-{at}=1\n", size), 1_000),
    "many tables": (lambda size: repeated(lambda at: f"[t{at}]\na=1\n", size), FILE),
    "arrays of tables": (lambda size: repeated(lambda at: "[[a]]\n", size), FILE),
    "huge checklists": (lambda size: repeated(lambda at: f'[checklist.k{at}]\ntext="a"\n', size), FILE),
    "checklists at the limit": (lambda size: repeated(lambda at: f'[checklist.k{at}]\ntext="a"\n', size), 280_000),
    "checklists that do not fit": (lambda size: repeated(lambda at: f"[checklist.k{at}]\ntext=1\nrank=1\n", size), 200_000),
    "long notes": (lambda size: f'{HEAD}notes = """{"word " * (size // 5)}"""\n', FILE),
    "many lines of notes": (lambda size: repeated(lambda at: "a\n", size, f'{HEAD}notes = """', '"""\n'), FILE),
    "escapes": (lambda size: f'{HEAD}notes = "{chr(92)}n{chr(92) + "u00e9"}{(chr(92) + "n") * (size // 2)}"\n', FILE),
    "wide letters": (lambda size: f'{HEAD}notes = "{"界👩‍🔬" * (size // 14)}"\n', FILE),
    "one long title": (lambda size: f'title = "{"x" * size}"\n', FILE),
    "one long key": (lambda size: f"{HEAD}{'k' * size} = 1\n", FILE),
    "many comments": (lambda size: repeated(lambda at: "#\n", size), FILE),
    "blank lines": (lambda size: repeated(lambda at: "\r\n", size), FILE),
    "carriage returns": (lambda size: HEAD + "\r" * size, FILE),
    "open quotes": (lambda size: HEAD + 'a = "' + "\\" * size, FILE),
    "quotes": (lambda size: HEAD + "x = '" + '"' * size + "'\n", FILE),
    "dots": (lambda size: HEAD + "notes = '" + "." * size + "'\n", FILE),
    "keys that stand twice": (lambda size: repeated(lambda at: f"k{at}=1\n", size, after="k5=1\n"), 150_000),
    "conflict markers": (lambda size: repeated(lambda at: "<<<<<<< a\n=======\n>>>>>>> b\n", size), FILE),
    "newer syntax": (lambda size: repeated(lambda at: f'k{at}="\\e"\n', size), 200_000),
    "ordinary cards": (lambda size: HEAD + f'notes = "{"word " * (size // 5)}"\n', 1_000),
}  # fmt: skip
SECTIONS: dict[str, tuple[Callable[[int], str], int]] = {
    "goals": (lambda at: f'[goals.g{at}]\nowner="person{at}"\nmetric="none{at}"\n', 400_000),
    "dependencies": (lambda at: f'[dependencies.d{at}]\ngiver="team-{at}"\ntaker="crew-{at}"\n', 200_000),
}
"""Sections of a project that is full of their entries, and the size of each project."""


def _listed(item: str, numbers: Iterable[int]) -> str:
    """A list with an item for each number."""
    return "[" + ", ".join(item.format(at) for at in numbers) + "]"


def _arms(at: int) -> str:
    return f'[arms.a{at}]\ntitle="A"\nshare=0.00{at % 9 + 1}\nunits={10**9 + at}\nevents={at}\n'


_GAPS, _NAMES = _listed('"gap {}"', range(400)), _listed('"m{}"', range(400))
ARMS = 'title="E"\nkind="A/B"\nprimary_metric="m0"\ncontrol="a0"\nbaseline=0.2\nsmallest_effect=1e-9\nper_day=10\n'
STEPS = 'title="R"\nstarted=2026-11-01\nper_minute=1e300\ndetect_minutes=1e-300\n'
MONITOR = 'title="M"\noperator=">"\nvalue=0.5\nin_a_row=3\nobjective=0.999999999999\nevents_per_hour=1e300\n'
RECORDS: dict[str, tuple[str, str, Callable[[int], str], int]] = {
    "experiments": ("experiments/c-{}", ARMS, _arms, 1_000),
    "arms at the limit": ("experiments/c-{}", ARMS, _arms, 250_000),
    "looks": ("experiments/c-{}", f'{ARMS}looks=1000000000\nboundary="pocock"\n', _arms, 1_000),
    "measures": ("experiments/c-{}", ARMS, lambda at: f"[measures.m{at}]\nmargin=1e-9\nspread=1e9\n", 250_000),
    "rollouts": (
        "rollouts/c-{}",
        STEPS,
        lambda at: f'[steps.s{at}]\nkind="ramp"\nshare=0.{at:05}\nminutes=1e9\n[guardrails.g{at}]\nmetric="m{at}"\n',
        100_000,
    ),
    "monitors": ("monitors/c-{}", MONITOR, lambda at: "", 300),
    "readings": (
        "monitors/c-{}",
        MONITOR,
        lambda at: f'[readings.r{at}]\nread_at="{2000 + at % 7999}-01-01T00:00Z"\nvalue={at}\nevents={at}\n',
        250_000,
    ),
    "datasets": (
        "datasets/c-{}",
        f'title="D"\ngaps={_GAPS}\n',
        lambda at: f"[columns.k{at}]\nmissing_share=0.5\ndistinct={at}\n",
        100_000,
    ),
    "models": ("models/c-{}", 'title="M"\nlive_from=2026-01-01\nmetric="m0"\nvalue=1e308\n', lambda at: "", 200),
    "risks": ("risks/c-{}", 'title="R"\nchance=5\nimpact=5\nowner="mira"\n', lambda at: "", 200),
    "decisions": (
        "decisions/c-{}",
        f'title="D"\ndate=2026-01-01\nby="mira"\ngate="gate-assess"\noutcome="go"\nchanges={_NAMES}\n',
        lambda at: "",
        4_000,
    ),
    "reviews": ("reviews/c-{}", 'title="R"\ncycle=1\n', lambda at: f"[results.m{at}]\ntarget={at}\nactual={at}\n", 100_000),
    "people": ("/people/c-{}", 'name="P"\nday_rate=1e300\nshare=1e-300\n', lambda at: "", 200),
    "absences": (
        "/people/c-{}",
        'name="P"\n',
        lambda at: f"[absences.a{at}]\nfirst={at % 9000 + 1:04}-01-01\nlast={at % 9000 + 999:04}-12-31\n",
        200_000,
    ),
    "metrics": (
        "strategy",
        "",
        lambda at: f'[metrics.m{at}]\ntitle="M"\nrole="primary"\nbaseline={at}\ntarget=1e308\nmeasured_in="plan/board.toml"\n',
        200_000,
    ),
    "milestones": (
        "strategy",
        "",
        lambda at: f'[milestones.m{at}]\ntitle="M"\nestimate=[1,5,90]\ndue=2027-01-01\npromised_date=2027-01-01\n',
        200_000,
    ),
    "milestones one after the other": (
        "strategy",
        "",
        lambda at: f'[milestones.m{at}]\ntitle="M"\nestimate=[1,5,90]\nafter=["m{max(0, at - 1)}"]\n',
        200_000,
    ),
    "milestones after many": (
        "strategy",
        "",
        lambda at: f'[milestones.m{at}]\ntitle="M"\nafter=' + _listed('"m{}"', range(max(0, at - 20), at)) + "\n",
        200_000,
    ),
    "resources": (
        "strategy",
        "",
        lambda at: f'[resources.r{at}]\ntitle="R"\nper="hour"\ncost=1e300\nquantity=1e300\nlead_days=1e15\n',
        200_000,
    ),
    "allocations": ("strategy", "", lambda at: f'[people.c-{at}]\nrole="x"\nshare=0.001\n', 200_000),
    "requirements": (
        "requirements",
        "",
        lambda at: f'[business.b{at}]\ntitle="B"\nabout="users"\nfigure=1e308\n[technical.t{at}]\ntitle="T"\nsized="servers"\nserves=["b{at}"]\n',
        200_000,
    ),
    "qualities": ("requirements", "", lambda at: f"[qualities.q{at}]\nneeded=5\nreached=1\n", 200_000),
}  # fmt: skip
"""Records beside cards: their place (`/` is the top of the plan), how a file begins, its lines, and its size."""
WORK = 'title="x"\nplace="execute"\nowner="mira"\nestimate=[1, 5, 90]\n'
WORKS: dict[str, Callable[[int], str]] = {
    "one owner": lambda at: WORK,
    "a chain with estimates": lambda at: f'{WORK}needs=["c-{max(0, at - 1)}"]\n' if at else WORK,
    "huge lags": lambda at: f'{WORK}needs=["c-{max(0, at - 1)} FS+999999999d"]\n' if at else WORK,
    "huge leads": lambda at: f'{WORK}needs=["c-{max(0, at - 1)} SS-999999999d"]\n' if at else WORK,
    "huge estimates": lambda at: WORK.replace("[1, 5, 90]", "[1e9, 1e100, 1e308]"),
    "tiny estimates": lambda at: WORK.replace("[1, 5, 90]", "[1e-308, 1e-300, 1e-9]"),
    "first and last dates": lambda at: f"{WORK}{('not_before', 'fixed', 'due')[at % 3]}={('0001-01-01', '9999-12-31')[at % 2]}\n",
    "as many owners": lambda at: WORK.replace("mira", f"o{at}"),
    "links between teams": lambda at: WORK.replace("mira", f"o{at}") + _needs(at, 20),
    "skills": lambda at: WORK.replace('owner="mira"', f'skill="s{at}"'),
    "long titles": lambda at: WORK.replace('"x"', f'"{"title " * 150}"'),
    "cards for one milestone": lambda at: f'{WORK}milestone="m0"\n',
    "cards in many places": lambda at: f'{WORK}status="{("todo", "doing", "done", "dropped")[at % 4]}"\n',
}  # fmt: skip
"""Cards with work in them, one kind each; they are filled up to a kilobyte."""
_RULES = (
    *("FREQ=SECONDLY", "FREQ=MINUTELY;BYMONTH=12", "FREQ=HOURLY;COUNT=10000", "FREQ=DAILY", "FREQ=YEARLY;INTERVAL=9999"),
    *("FREQ=DAILY;COUNT=10000", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
    *("FREQ=YEARLY;BYYEARDAY=366;BYWEEKNO=1;BYDAY=MO", "FREQ=MONTHLY;BYSETPOS=-366;BYDAY=MO", "FREQ=DAILY;UNTIL=99991231"),
)  # fmt: skip
BOARDS: dict[str, str] = {
    **{
        f"days off by {rule}": f'[calendar]\nrecurring=["{rule}"]\n'
        for rule in _RULES
    },
    "days off by 400 rules": "[calendar]\nrecurring=" + _listed('"FREQ=YEARLY;BYMONTH=12;BYMONTHDAY={}"', (at % 28 + 1 for at in range(400))),
    "2,000 days off": "[calendar]\nholidays=" + _listed("{}-12-13", range(2_027, 4_027)),
    "one working day in the week": '[calendar]\nweekdays=["mon"]\nhours_per_day=1e-9\n',
    "cards that run late together": "[estimates]\ndefault=1e9\nlow=0\nhigh=1e9\ncorrelation=1\n",
}  # fmt: skip
"""The board of a plan of cards with estimates."""


def _needs(at: int, most: int) -> str:
    return "needs=" + _listed('"c-{}"', range(max(0, at - most), at)) + "\n"


def plan_of(root: Path, kind: str, size: int) -> None:
    """Writes a plan of a kind with so many bytes."""
    cards = root / "projects/p/cards"
    cards.mkdir(parents=True)
    (root / "board.toml").write_text("format = 1\n" + BOARDS.get(kind, ""))
    (root / "projects/p/project.toml").write_text('title = "P"\n')
    (cards / "ordinary.toml").write_text(HEAD)
    if kind in KINDS:
        text, each = KINDS[kind]
        for number in range(size // each):
            (cards / f"c-{number}.toml").write_bytes(text(each).encode())
        return
    for path, text in _files(kind, size):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def _records(kind: str, size: int) -> Iterator[tuple[str, str]]:
    place, before, line, each = RECORDS[kind]
    # A file is filled with a note where its kind has no lines of its own.
    text = (
        repeated(line, each - len(before), before)
        if line(0)
        else f'{before}notes="{"x" * (each - len(before))}"\n'
    )
    for number in range(size // each):
        name = place.format(number)
        if "{}" not in place:
            yield f"projects/p{number or ''}/project.toml", 'title="P"\n'
            yield f"projects/p{number or ''}/{name}.toml", text
        else:
            yield (f"{name[1:]}.toml" if name.startswith("/") else f"projects/p/{name}.toml"), text


def _works(kind: str, size: int) -> Iterator[tuple[str, str]]:
    card = WORKS[kind] if kind in WORKS else WORKS["a chain with estimates"]
    for number in range(size // 1_000 if kind in WORKS else 300):
        text = card(number)
        yield f"projects/p/cards/c-{number}.toml", f'{text}notes="{"x" * max(0, 900 - len(text))}"\n'
    yield "people/mira.toml", 'name="Mira"\n'
    yield "projects/p/strategy.toml", '[milestones.m0]\ntitle="M"\ndue=2027-01-01\n'


def _strays(size: int) -> Iterator[tuple[str, str]]:
    for number in range(size // 500):
        yield f"projects/p/cards/Not An Id {number}.toml", "x"
        yield f"projects/q{number % 50}/crads{number}/x.toml", "x"


def _sections(kind: str, size: int) -> Iterator[tuple[str, str]]:
    line, each = SECTIONS[kind]
    text = repeated(line, min(size, each), 'title="P"\n')
    for number in range(size // each):
        yield f"projects/p{number}/project.toml", text


def _answers(size: int) -> Iterator[tuple[str, str]]:
    text = repeated(lambda at: f'[answers.question-{at}]\nstatus="{"x" * 20}"\n', min(size, 200_000))
    for number in range(size // 200_000):
        yield f"projects/p{number}/project.toml", 'title="P"\n'
        yield f"projects/p{number}/assessment.toml", text


def _places(size: int) -> Iterator[tuple[str, str]]:
    for number in range(size // 1_000):
        place = f'title = "x"\nplace = "somewhere-{number}"\nnotes = "{"x" * 800}"\n'
        yield f"projects/p/cards/c-{number}.toml", place


def _needing(needs: Callable[[int, int], Iterable[int]]) -> Callable[[int], Iterator[tuple[str, str]]]:
    """Cards that need those with some numbers, by their own number and how many there are."""

    def made(size: int) -> Iterator[tuple[str, str]]:
        count = size // 1_000
        for number in range(count):
            needed = _listed('"c-{}"', needs(number, count))
            yield f"projects/p/cards/c-{number}.toml", f'{HEAD}needs = {needed}\nnotes = "{"x" * 800}"\n'

    return made


def _one_id(size: int) -> Iterator[tuple[str, str]]:
    for number in range(size // 1_000):
        path = f"projects/p{number % 1000}/cards/c-{number // 1000}.toml"
        yield path, f'{HEAD}needs = []\nnotes = "{"x" * 800}"\n'


SHAPES: dict[str, Callable[[int], Iterator[tuple[str, str]]]] = {
    "chain of needs": _needing(lambda at, _: range(max(0, at - 1), at)),
    "dense needs": _needing(lambda at, _: range(max(0, at - 100), at)),
    "one id in many projects": _one_id,
    "strays": _strays,
    "goals": lambda size: _sections("goals", size),
    "one loop": _needing(lambda at, count: [(at or count) - 1]),
    "places": _places,
    "answers": _answers,
    "dependencies": lambda size: _sections("dependencies", size),
}
"""Plans whose files hang together."""


def _files(kind: str, size: int) -> Iterator[tuple[str, str]]:
    if kind in SHAPES:
        return SHAPES[kind](size)
    return _records(kind, size) if kind in RECORDS else _works(kind, size)

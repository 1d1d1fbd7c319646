"""Mutation run: small faults put into the modules that must not fail, and which of them no test notices.

    python bench/mutants.py [--only merge,journal] [--sample 100 --seed 1] [--workers 2]

Each mutant is one change of the syntax tree: a comparison turned round, a condition negated, a number one higher, a
statement left out … The tests that run the changed line are run against it, fastest first, until one fails. What
survives is printed; exit code 1 where one is not explained in `mutants.explained.toml`.

It forks from an interpreter that has all libraries loaded, so it runs on POSIX only. By their documentation mutmut and
cosmic-ray start an interpreter for every mutant and expect the package in a folder of its own name, which this project
does not have; neither was tried here.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib.abc
import importlib.machinery
import importlib.util
import os
import pickle
import random
import resource
import select
import signal
import sys
import tempfile
import threading
import time
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
EXPLAINED = Path(__file__).with_name("mutants.explained.toml")
MODULES = {
    "model/plan/change.py": [
        "tests/model/test_change.py",
        "tests/model/test_merge.py",
        "tests/model/test_edits.py",
    ],
    "model/records/values.py": ["tests/model/test_change.py", "tests/model/test_merge.py"],
    "model/plan/indexes.py": ["tests/model/test_indexes.py", "tests/model/test_change.py"],
    "model/edit/merge.py": ["tests/model/test_merge.py", "tests/model/test_units.py"],
    "model/edit/units.py": ["tests/model/test_units.py"],
    "model/edit/text_merge.py": ["tests/model/test_lines.py"],
    "storage/plan/file_steps.py": [
        "tests/storage/test_file_steps.py",
        "tests/storage/test_workspace.py",
        "tests/storage/test_unfit.py",
        "tests/storage/test_saves.py",
        "tests/storage/test_machine.py",
    ],
    "storage/plan/workspace.py": [
        "tests/storage/test_refresh.py",
        "tests/storage/test_persons_word.py",
        "tests/storage/test_transaction.py",
        "tests/storage/test_staged.py",
        "tests/storage/test_staged_undo.py",
        "tests/storage/test_workspace.py",
        "tests/storage/test_unfit.py",
        "tests/storage/test_saves.py",
        "tests/storage/test_machine.py",
        "tests/storage/test_bounds.py",
        "tests/storage/test_on_demand.py",
        "tests/storage/test_cache.py",
    ],
    "storage/plan/journal.py": [
        "tests/storage/test_journal.py",
        "tests/storage/test_workspace.py",
        "tests/storage/test_saves.py",
        "tests/storage/test_machine.py",
    ],
    "storage/plan/transaction.py": [
        "tests/storage/test_transaction.py",
        "tests/storage/test_workspace.py",
        "tests/storage/test_saves.py",
        "tests/storage/test_machine.py",
    ],
    "storage/plan/record_cache.py": ["tests/storage/test_cache.py"],
    "storage/disk/cache.py": ["tests/storage/test_cache.py"],
    "storage/disk/cache_file.py": ["tests/storage/test_cache.py"],
    "model/schedule/links.py": ["tests/model/test_links.py"],
    "model/solvers/working_time.py": ["tests/model/test_working_time.py"],
    "model/solvers/knapsack.py::_meet": ["tests/model/test_portfolio.py"],
    "model/value/project_figures.py::delay": ["tests/model/test_worth_figures.py"],
}
"""The modules (or one function of a module), each with the test files that answer for it, the fastest first."""

MEMORY = 3 << 30
FLIPS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list", "reversed": "list"}


# ---- making mutants


@dataclass(frozen=True)
class Mutant:
    """One changed place."""

    module: str
    function: str
    lines: tuple[int, int]
    before: str
    after: str
    source: str

    def __str__(self) -> str:
        return f"{self.module}:{self.lines[0]} {self.function}: {self.before}  →  {self.after}"


def mutants(module: str) -> Iterator[Mutant]:
    """All mutants of a module, in the order of its text."""
    tree = ast.parse((ROOT / module).read_text())
    for number, node in enumerate(ast.walk(tree)):
        for change in range(len(list(_changes(node)))):
            changed = copy.deepcopy(tree)
            twin = next(one for at, one in enumerate(ast.walk(changed)) if at == number)
            place = _place(tree, node)
            if place is None:
                continue
            function, statement = place
            new = list(_changes(twin))[change]
            _put(changed, twin, new)
            twin_statement = next(
                (
                    two
                    for one, two in zip(ast.walk(tree), ast.walk(changed), strict=False)
                    if one is statement
                ),
                None,
            )
            after = new if statement is node else twin_statement
            yield Mutant(
                module,
                function,
                (statement.lineno, _last_line(statement)),
                _short(statement),
                _short(after) if isinstance(after, ast.stmt) else "left out",
                ast.unparse(ast.fix_missing_locations(changed)),
            )


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """What may be put in the place of a node."""
    return _changed_statements(node) if isinstance(node, ast.stmt) else _changed_expressions(node)


def _changed_expressions(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(ops=[one], left=left, comparators=rest) if type(one) in FLIPS:
            yield ast.Compare(left, [FLIPS[type(one)]()], rest)
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            for at in range(len(values)):
                left = values[:at] + values[at + 1 :]
                yield left[0] if len(left) == 1 else ast.BoolOp(op, left)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield ast.IfExp(test, orelse, body)
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() as value):
            yield ast.Constant(value + 1)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            yield ast.BinOp(left, OPERATORS[type(op)](), right)
        case ast.Name(id=name, ctx=ctx) if name in NAMES:
            yield ast.Name(NAMES[name], ctx)
        case ast.comprehension(target=target, iter=iterable, ifs=[_, *_], is_async=is_async):
            yield ast.comprehension(target, iterable, [], is_async)
        case _:
            pass


def _changed_statements(node: ast.stmt) -> Iterator[ast.AST]:
    match node:
        case ast.If(test=ast.Name() | ast.Attribute() | ast.Call(), body=body, orelse=orelse):
            yield ast.If(ast.UnaryOp(ast.Not(), node.test), body, orelse)
        case ast.Return(value=value) if value is not None and not _is_nothing(value):
            yield ast.Return(ast.Constant(None))
        case (
            ast.Expr(value=ast.Call())
            | ast.Raise()
            | ast.Continue()
            | ast.Break()
            | ast.AugAssign()
            | ast.Delete()
        ):
            yield ast.Pass()
        case ast.Assign(targets=[ast.Subscript() | ast.Attribute()]):
            yield ast.Pass()
        case _:
            pass


def _is_nothing(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _place(tree: ast.Module, node: ast.AST) -> tuple[str, ast.stmt] | None:
    """The function and the statement that a node is in; None for annotations, docstrings and imports."""
    parents: dict[ast.AST, tuple[ast.AST, str]] = {
        child: (parent, name)
        for parent in ast.walk(tree)
        for name, value in ast.iter_fields(parent)
        for child in (value if isinstance(value, list) else [value])
        if isinstance(child, ast.AST)
    }
    names: list[str] = []
    statement: ast.stmt | None = None
    while node in parents:
        parent, field = parents[node]
        if field in ("annotation", "returns", "decorator_list", "type_params"):
            return None
        if isinstance(node, ast.stmt) and statement is None:
            statement = node
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return None
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.append(node.name)
        node = parent
    if statement is None or isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return None
    if isinstance(statement, ast.Assert):
        return None  # what an assertion says is for the reader and the type checker
    return ".".join(reversed(names)) or "(module)", statement


def _put(tree: ast.Module, old: ast.AST, new: ast.AST) -> None:
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
                return
            if isinstance(value, list) and any(item is old for item in value):
                value[next(at for at, item in enumerate(value) if item is old)] = new
                return


def _last_line(statement: ast.stmt) -> int:
    """The last line of a statement's own part: of one with a body, of its head."""
    body = getattr(statement, "body", None)
    return max(statement.lineno, body[0].lineno - 1) if body else statement.end_lineno or statement.lineno


def _short(node: ast.AST) -> str:
    """A statement on one line, without its body."""
    return "pass" if isinstance(node, ast.Pass) else ast.unparse(node).partition("\n")[0].strip()


# ---- running tests against one


class _Finder(importlib.abc.MetaPathFinder):
    """Gives one module another text."""

    def __init__(self, module: str, source: str) -> None:
        self.name = "kedge." + module.removesuffix(".py").replace("/", ".")
        self.path = str(ROOT / module)
        self.source = source

    def find_spec(
        self, fullname: str, path: object, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        del path, target
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=_Loader(self))


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, finder: _Finder) -> None:
        super().__init__(finder.name, finder.path)
        self.source = finder.source

    def get_code(self, fullname: str) -> CodeType:
        del fullname
        return compile(self.source, self.path, "exec")


class _Tracer:
    """A pytest plugin that notes which lines of one file each test runs, and how long it takes."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.lines: dict[str, set[int]] = defaultdict(set)
        self.seconds: dict[str, float] = {}
        self.test = ""
        self.failed = 0

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.test = nodeid
        self.seconds[nodeid] = time.monotonic()
        threading.settrace(self._enter)
        sys.settrace(self._enter)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        sys.settrace(None)
        self.seconds[nodeid] = time.monotonic() - self.seconds[nodeid]

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.failed += report.failed

    def _enter(self, frame: FrameType, event: str, argument: object) -> Any:
        del event, argument
        return self._line if frame.f_code.co_filename == self.path else None

    def _line(self, frame: FrameType, event: str, argument: object) -> Any:
        del event, argument
        self.lines[self.test].add(frame.f_lineno)
        return self._line


def _forked(work: Any, seconds: float) -> Any:
    """What a function gives in a process of its own; None where it did not end in time, or with a crash."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        os.close(ours)
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nothing, stream)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        try:
            answer = pickle.dumps(work())
            while answer:
                answer = answer[os.write(theirs, answer) :]
        finally:
            os._exit(0)
    os.close(theirs)
    parts: list[bytes] = []
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0 and select.select([ours], [], [], left)[0]:
        part = os.read(ours, 1 << 16)
        if not part:
            break
        parts.append(part)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # also what a test has started and left behind
    os.waitpid(child, 0)
    os.close(ours)
    return pickle.loads(b"".join(parts)) if parts else None  # noqa: S301  our own child wrote it


def _pytest(tests: Sequence[str], *plugins: object) -> int:
    import pytest

    with tempfile.TemporaryDirectory() as folder:
        base = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", f"--basetemp={folder}/t"]
        return int(pytest.main([*base, *tests], plugins=list(plugins)))


def _baseline(module: str, tests: list[str]) -> _Tracer:
    tracer = _Tracer(str(ROOT / module))
    source = (ROOT / module).read_text()

    def run() -> tuple[Any, ...]:
        sys.meta_path.insert(0, _Finder(module, source))
        code = _pytest(tests, tracer)
        return code, dict(tracer.lines), tracer.seconds

    found = _forked(run, 900)
    if found is None or found[0]:
        raise SystemExit(f"the tests of {module} fail without a mutant")
    tracer.lines, tracer.seconds = found[1], found[2]
    return tracer


def _is_noticed(mutant: Mutant, tests: list[str], seconds: float) -> bool:
    def run() -> int:
        sys.meta_path.insert(0, _Finder(mutant.module, mutant.source))
        return _pytest(tests)

    code = _forked(run, seconds)
    return code is None or code != 0


# ---- the run


def main() -> int:
    """Makes and tries the mutants; 1 where one survives that is not explained."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="", help="modules whose path contains one of these words")
    parser.add_argument(
        "--sample", type=int, default=0, help="so many mutants of each module, drawn by the seed"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--tests", default="", help="test files to run instead of those of the table, for a first look"
    )
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    _load_libraries()
    explained = tomllib.loads(EXPLAINED.read_text()).get("survivor", []) if EXPLAINED.is_file() else []
    reasons = {
        (one["module"], one["function"], one["before"], one["after"]): one["reason"] for one in explained
    }
    words = [word for word in options.only.split(",") if word] or [""]
    tried = unexplained = known = 0
    for key, files in MODULES.items():
        if not any(word in key for word in words):
            continue
        module, _, function = key.partition("::")
        tests = [file for file in options.tests.split(",") if file] or files
        base = _baseline(module, tests)
        made = [one for one in mutants(module) if not function or function in one.function.split(".")]
        if options.sample and options.sample < len(made):
            made = random.Random(options.seed).sample(made, options.sample)
        survivors = [one for one in _survivors(made, base, tests, options.workers) if one is not None]
        new = [one for one in survivors if (one.module, one.function, one.before, one.after) not in reasons]
        tried, unexplained, known = (
            tried + len(made),
            unexplained + len(new),
            known + len(survivors) - len(new),
        )
        print(f"{key}: {len(made)} mutants, {len(survivors)} survive, {len(new)} unexplained", flush=True)
        for one in sorted(new, key=lambda one: one.lines):
            print(f"  {one}", flush=True)
    print(f"{tried} mutants, {known + unexplained} survive: {known} explained, {unexplained} not")
    return int(unexplained > 0)


def _survivors(made: list[Mutant], base: _Tracer, tests: list[str], workers: int) -> list[Mutant | None]:
    # Threads only wait for the children that they fork.
    from concurrent.futures import ThreadPoolExecutor

    def tried(mutant: Mutant) -> Mutant | None:
        span = set(range(mutant.lines[0], mutant.lines[1] + 1))
        running = [test for test, lines in base.lines.items() if test and lines & span]
        running.sort(key=lambda test: base.seconds.get(test, 0))
        if mutant.function == "(module)" or not any(lines & span for lines in base.lines.values()):
            running = tests if mutant.function == "(module)" else []
        if not running:
            return mutant
        most = 20 + 5 * sum(base.seconds.get(test, 1) for test in running) + 60 * (running is tests)
        return None if _is_noticed(mutant, running, most) else mutant

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(tried, made))


def _load_libraries() -> None:
    """Everything that tests need but kedge itself, so that a child begins with its tests at once."""
    os.chdir(ROOT)
    os.environ["KEDGE_HYPOTHESIS"] = "mutants"
    sys.dont_write_bytecode = True
    import click  # noqa: F401
    import hypothesis.stateful
    import pydantic  # noqa: F401
    import pytest  # noqa: F401
    import rich  # noqa: F401
    import tomli  # noqa: F401
    import tomli_w  # noqa: F401
    from hypothesis import HealthCheck, Phase, settings

    assert hypothesis.stateful
    # A failure is enough; the smallest example of it is not looked for.
    settings.register_profile(
        "mutants",
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )


if __name__ == "__main__":
    sys.exit(main())

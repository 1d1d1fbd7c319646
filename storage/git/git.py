"""Asking git, by its own program, so that nothing of a repository is ever executed.

Git runs commands that a repository's settings name: `core.fsmonitor`, filters, `textconv`, external diffs, pagers,
hooks, transports, and what a later version brings. A list of them would never be complete, so git does not get to
see the settings: it is given a folder of our own as its git folder. The objects, refs and the index are the
repository's; the settings are written here, from a short list of plain words such as the kind of hash. No settings of
the person or the machine are read either, because a repository's `.gitattributes` may ask for a filter by the name that
it has there. Nothing is fetched but by `run_fetch`, which a person asks for: what a partial clone does not have is
a problem that is reported.

Whose repository it is makes no difference, therefore `safe.directory` is not asked: it protects against settings.

Every call of git is built here. Arguments are lists, no lock is taken, no text is translated, and nothing waits for
ever. An answer is what git printed or a GitProblem.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from ..disk.programs import find_program
from ..disk.repository import GitProblem, Reason, Repository, find_repository, head_of
from .environments import closed, personal, signed_in
from .pipes import in_the_way
from .process import Done, run
from .stand_in import index_of, show_repository, write

_BEFORE = (
    *("--no-optional-locks", "--literal-pathspecs", "--no-pager"),
    *("-c", "safe.bareRepository=explicit", "-c", "protocol.allow=never"),
)
_MAIN = ("refs/remotes/origin/main", "refs/remotes/origin/master", "refs/heads/main", "refs/heads/master")
UNBORN = GitProblem(Reason.BAD_REVISION, "HEAD: nothing is committed yet")
_OTHER_OBJECT = re.compile(r"dereferences to (\w+) type")
_SHOWN = 100
"""Characters of a revision that are said again where there is none."""
_WORD = re.compile(r"[A-Za-z0-9]{1,20}")
_SETTINGS = frozenset(
    [f"core.{name}" for name in ("filemode", "symlinks", "ignorecase", "precomposeunicode", "checkstat")]
    + [f"core.{name}" for name in ("autocrlf", "eol", "sparsecheckout", "sparsecheckoutcone")]
    + [f"extensions.{name}" for name in ("objectformat", "refstorage")]
)
"""Settings of a repository without which its files cannot be read, or look changed; the values are plain words."""
_HARMLESS = frozenset(
    f"extensions.{name}"
    for name in ("noop", "partialclone", "worktreeconfig", "relativeworktrees", "preciousobjects")
)
"""Extensions that make no difference to what is read here."""


@dataclass(frozen=True)
class Git:
    """Git on one repository, for as long as the folder that stands in for its git folder is there."""

    repository: Repository
    program: str
    folder: str
    environment: Mapping[str, str] = field(repr=False)
    settings: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """What the repository's settings say, by lower-case names; git itself sees a few of them."""

    @property
    def promisors(self) -> list[str]:
        """The remotes that keep objects which were not fetched yet, by lower-case names."""
        named = self.settings.get("extensions.partialclone", "").lower()
        found = [
            name.removeprefix("remote.").removesuffix(".promisor")
            for name, value in self.settings.items()
            if name.startswith("remote.") and name.endswith(".promisor") and value.lower() != "false"
        ]
        return [named, *found] if named else found

    @property
    def is_partial(self) -> bool:
        """Whether objects may be missing because they were not fetched yet."""
        return bool(self.promisors)

    @property
    def branch(self) -> str:
        """The branch that is checked out; empty where none is."""
        head = head_of(self.repository.folder)
        return head.removeprefix("ref: refs/heads/") if head.startswith("ref: refs/heads/") else ""

    @property
    def is_shallow(self) -> bool:
        """Whether the clone was made without its past."""
        return os.path.exists(os.path.join(self.folder, "shallow"))

    def run(
        self, arguments: Sequence[str], given: bytes = b"", settings: Iterable[str] = (), fine: int = 0
    ) -> bytes | GitProblem:
        """What a git command prints. Paths are those from the top of the work tree; exit codes up to `fine` are no
        problem."""
        added = [word for one in settings for word in ("-c", one)]
        command = [self.program, *_BEFORE, *added, f"--git-dir={self.folder}"]
        if self.repository.top:
            command.append(f"--work-tree={self.repository.top}")
        done = run([*command, *arguments], self.folder, self.environment, given)
        if isinstance(done, GitProblem):
            return done
        return done.output if done.code <= fine else self._problem(done.error)

    def _problem(self, error: str) -> GitProblem:
        said = error.partition("\n")[0].removeprefix("fatal: ").removeprefix("error: ")
        if said.startswith(("bad revision", "Needed a single revision")):
            return GitProblem(Reason.BAD_REVISION)
        if self.is_partial and any(
            text in error for text in ("unable to read", "bad object", "not a tree", "could not")
        ):
            return GitProblem(Reason.NOT_FETCHED)
        return GitProblem(Reason.FAILED, said)

    def resolve(self, revision: str) -> str | GitProblem:
        """The name of the commit that a revision stands for."""
        found = self.run(["rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}"])
        if isinstance(found, GitProblem):
            if found.reason not in (Reason.FAILED, Reason.BAD_REVISION):
                return found
            return UNBORN if revision == "HEAD" else self._no_commit(revision, found.detail)
        return found.decode("ascii", "replace").strip()

    def _no_commit(self, revision: str, said: str) -> GitProblem:
        """Why a text is no revision: `HEAD^{tree} is a tree, not a commit`. `said` is what git says of it."""
        shown = revision if len(revision) <= _SHOWN else f"{revision[:_SHOWN]}…"
        if other := _OTHER_OBJECT.search(said):
            return GitProblem(Reason.BAD_REVISION, f"{shown} is a {other[1]}, not a commit")
        why = said[:_SHOWN] or self._missing_history
        return GitProblem(Reason.BAD_REVISION, f"{shown}: {why}" if why else shown)

    def contents(self, names: Iterable[str]) -> dict[str, bytes] | GitProblem:
        """What git has under some names (`HEAD:path`, or an object's); what it does not have is left out."""
        asked = [name for name in dict.fromkeys(names) if "\n" not in name]
        lines = "".join(f"{one}\n" for one in asked).encode("utf-8", "surrogateescape")
        output = self.run(["cat-file", "--batch", "--buffer"], lines) if asked else b""
        if isinstance(output, GitProblem):
            return output
        found: dict[str, bytes] = {}
        at = 0
        for name in asked:
            end = output.find(b"\n", at)
            # A name may have spaces in it, and is what an answer begins with where there is nothing.
            head = output[at:end].rsplit(b" ", 2)
            at = end + 1
            if end >= 0 and len(head) == 3 and head[2].isdigit():
                found[name] = output[at : at + int(head[2])]
                at += int(head[2]) + 1
        return found

    def sizes(self, names: Iterable[str]) -> dict[str, int] | GitProblem:
        """The sizes in bytes of objects; those that are not here are left out."""
        lines = "".join(f"{one}\n" for one in names).encode("ascii")
        output = (
            self.run(["cat-file", "--buffer", "--batch-check=%(objectname) %(objectsize)"], lines)
            if lines
            else b""
        )
        if isinstance(output, GitProblem):
            return output
        pairs = (line.split(" ") for line in output.decode("ascii", "replace").splitlines())
        return {name: int(size) for name, size in pairs if size.isdigit()}

    def merge_base(self, one: str, other: str) -> str | GitProblem:
        """The commit from which two commits went apart; the first one that git finds where there are several."""
        found = self.run(["merge-base", one, other])
        if isinstance(found, GitProblem):
            # It ends with an error, and says nothing, where there is none.
            is_none = found.reason is Reason.FAILED and not found.detail
            return GitProblem(Reason.NO_MERGE_BASE, self._missing_history) if is_none else found
        return found.decode("ascii", "replace").partition("\n")[0].strip()

    @property
    def _missing_history(self) -> str:
        return "this clone does not have the whole history: git fetch --unshallow" if self.is_shallow else ""

    def main_branch(self) -> str | GitProblem:
        """The ref of the branch that others' changes come together in.

        That which the remote `origin` names, else its `main` or `master`, else the local ones, else the only branch.
        """
        named = self.run(["for-each-ref", "--format=%(symref)", "refs/remotes/origin/HEAD"])
        listed = self.run(["for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes/origin"])
        if isinstance(named, GitProblem):
            return named
        if isinstance(listed, GitProblem):
            return listed
        refs = listed.decode("utf-8", "surrogateescape").splitlines()
        heads = [one for one in refs if one.startswith("refs/heads/")]
        wanted = [
            named.decode("utf-8", "surrogateescape").strip(),
            *_MAIN,
            *(heads if len(heads) == 1 else ()),
        ]
        return next((one for one in wanted if one in refs), GitProblem(Reason.NO_MAIN_BRANCH))


@contextmanager
def git_at(
    place: str | Repository, environment: Mapping[str, str]
) -> Generator[Git | GitProblem, None, None]:
    """Git on the repository around a folder, or on a repository; the problem where that cannot be."""
    found = find_repository(place, environment) if isinstance(place, str) else place
    program = find_program("git", environment)
    if isinstance(found, GitProblem) or not program:
        yield found if isinstance(found, GitProblem) else GitProblem(Reason.NO_GIT)
        return
    where = os.path.realpath(place) if isinstance(place, str) else found.top
    if pipe := in_the_way(found, index_of(found, environment), where):
        yield GitProblem(Reason.UNREADABLE, pipe)
        return
    try:
        stand_in = tempfile.TemporaryDirectory(prefix="kedge-git-", ignore_cleanup_errors=True)
    except OSError as error:
        yield GitProblem(Reason.FAILED, f"no folder for temporary files: {error.strerror}")
        return
    with stand_in as folder:
        yield _stand_in(found, program, folder, environment)


def _stand_in(
    repository: Repository, program: str, folder: str, environment: Mapping[str, str]
) -> Git | GitProblem:
    """Makes the folder that git takes for its own."""
    told = {
        **closed(environment, folder),
        "GIT_OBJECT_DIRECTORY": os.path.join(repository.common, "objects"),
        "GIT_INDEX_FILE": index_of(repository, environment),
    }
    git = Git(repository, program, folder, told)
    try:
        show_repository(repository, folder)
        settings = _settings(git)
        if isinstance(settings, GitProblem):
            return settings
        kept = [
            f"[{key.replace('.', ']' + chr(10), 1)} = {value}"
            for key, value in settings.items()
            if key in _SETTINGS
        ]
        write(folder, "config", "\n".join(["[core]\nrepositoryformatversion = 1", *kept]))
    except OSError as error:
        return GitProblem(Reason.UNREADABLE, f"{error.filename or ''} {error.strerror}".strip())
    return replace(git, settings=settings)


def _settings(git: Git) -> dict[str, str] | GitProblem:
    """The settings of a repository by lower-case name; those that may be passed on have been looked at."""
    found: dict[str, str] = {}
    for path in (
        os.path.join(git.repository.common, "config"),
        os.path.join(git.repository.folder, "config.worktree"),
    ):
        if not os.path.isfile(path):
            continue
        output = git.run(["config", "--file", path, "--no-includes", "--null", "--list"])
        if isinstance(output, GitProblem):
            is_bad = output.reason is Reason.FAILED
            return GitProblem(Reason.UNREADABLE, output.detail) if is_bad else output
        found |= _listed(output)
    version = found.get("core.repositoryformatversion", "0")
    if version not in ("0", "1"):
        return GitProblem(Reason.UNREADABLE, f"kedge does not know its format {version[:20]}")
    for name, value in found.items():
        if name.startswith("extensions.") and name not in _SETTINGS | _HARMLESS and version == "1":
            return GitProblem(Reason.UNREADABLE, f"kedge does not know {name}")
        if name in _SETTINGS and not _WORD.fullmatch(value):
            return GitProblem(Reason.UNREADABLE, f"{name} is not a plain word")
    return found


def settings_of_person(git: Git, environment: Mapping[str, str]) -> dict[str, str]:
    """What the person and the machine have set, by lower-case names; read where no repository is."""
    command = [git.program, "config", "--null", "--list"]
    none = {"GIT_DIR": os.path.join(git.folder, "none")}
    done = run(command, git.folder, {**personal(environment), **none}, b"")
    return _listed(done.output) if isinstance(done, Done) and not done.code else {}


def status_settings(git: Git, found: Mapping[str, str], environment: Mapping[str, str]) -> list[str]:
    """Those of a person's own settings that decide which files look changed, to be given to `run`."""
    kept = [
        f"{name}={found[name]}"
        for name in ("core.autocrlf", "core.eol")
        if name not in git.settings and _WORD.fullmatch(found.get(name, ""))
    ]
    home = environment.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    ignored = os.path.expanduser(found.get("core.excludesfile") or os.path.join(home, "git", "ignore"))
    return [*kept, f"core.excludesFile={ignored}"] if os.path.isfile(ignored) else kept


def run_in_own(
    folder: str, arguments: Sequence[str], environment: Mapping[str, str], more: Mapping[str, str]
) -> bytes | GitProblem:
    """What git prints in a repository that kedge made itself in `folder`: the settings and hooks in it are in force.

    Those of the person and the machine are not, and nothing is fetched. `more` is added to the environment.
    """
    program = find_program("git", environment)
    if not program:
        return GitProblem(Reason.NO_GIT)
    own = os.path.join(folder, ".git")
    command = [program, *_BEFORE, f"--git-dir={own}", f"--work-tree={folder}", *arguments]
    done = run(command, folder, {**closed(environment, own), **more}, b"")
    if isinstance(done, GitProblem) or not done.code:
        return done if isinstance(done, GitProblem) else done.output
    return GitProblem(Reason.FAILED, done.error or done.output.decode("utf-8", "replace").strip())


def run_fetch(git: Git, url: str, names: Iterable[str], environment: Mapping[str, str]) -> GitProblem | None:
    """Fetches objects by name from a remote into a partial clone; no ref, hook or setting of it has a part in that.

    The person's own settings are read, so that their credentials work as with `git fetch`; git never prompts.
    """
    own = {
        **signed_in(environment),
        "GIT_OBJECT_DIRECTORY": git.environment["GIT_OBJECT_DIRECTORY"],
    }
    settings = (
        *("fetch.negotiationAlgorithm=noop", "gc.auto=0", "maintenance.auto=false"),
        *(f"core.hooksPath={os.devnull}", "core.fsmonitor=false"),
        *(f"remote.{_PROMISOR}.url={url}", f"remote.{_PROMISOR}.promisor=true"),
        f"remote.{_PROMISOR}.partialclonefilter=blob:none",
    )
    command = [git.program, *(word for one in settings for word in ("-c", one)), f"--git-dir={git.folder}"]
    options = [
        "--quiet",
        "--no-tags",
        "--no-write-fetch-head",
        "--recurse-submodules=no",
        "--filter=blob:none",
    ]
    given = "".join(f"{one}\n" for one in names).encode("ascii")
    done = run([*command, "fetch", *options, _PROMISOR, "--stdin"], git.folder, own, given, _FETCH_PATIENCE)
    if isinstance(done, GitProblem):
        return done
    said = done.error.partition("\n")[0].removeprefix("fatal: ").removeprefix("error: ")
    return GitProblem(Reason.FAILED, said) if done.code else None


_PROMISOR = "kedge"
"""What the remote is called while it is fetched from."""
_FETCH_PATIENCE = 600.0


def _listed(output: bytes) -> dict[str, str]:
    """What `git config --null --list` prints, the last value of each; a name without a value is true."""
    found: dict[str, str] = {}
    for one in output.decode("utf-8", "replace").split("\0"):
        name, newline, value = one.partition("\n")
        found[name.lower()] = value if newline else "true"
    return found

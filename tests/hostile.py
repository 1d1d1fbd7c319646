"""A repository in which everything that git may execute leaves a mark.

It is what somebody could send as an archive: a work tree with its `.git`. Plain git runs what it names, which a test
proves, so that a mark that is missing elsewhere means something.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

_HOOKS = (
    *(
        "applypatch-msg",
        "commit-msg",
        "fsmonitor-watchman",
        "post-checkout",
        "post-commit",
        "post-index-change",
    ),
    *("post-merge", "pre-auto-gc", "pre-commit", "pre-merge-commit", "pre-push", "prepare-commit-msg"),
    *(
        "reference-transaction",
        "post-rewrite",
        "pre-rebase",
        "push-to-checkout",
        "sendemail-validate",
        "update",
    ),
)
_SIGNATURE = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ\n -----END PGP SIGNATURE-----\n"


class Hostile:
    """The repository with the plan in it, and what has run so far."""

    def __init__(self, folder: Path, plan: Path) -> None:
        self.top = folder / "repository"
        self._marks = folder / "marks"
        self._marks.mkdir()
        self._person = folder / "person.gitconfig"
        shutil.copytree(plan, self.top / "plan")
        self.plan = self.top / "plan"
        self._plain("init", "-q", "-b", "main")
        self._submodule()
        self._attributes()
        self._plain("add", "-A")
        self._plain("commit", "-q", "-m", "plan")
        for path in (self.plan / "board.toml", *self.plan.glob("projects/*/strategy.toml")):
            path.write_text(path.read_text() + "# later\n")
        (self.top / "code.py").write_text("print()\n")
        self._plain("add", "-A")
        self._plain("commit", "-q", "-m", "later")
        self._sign()
        self._set_everything()
        self._take_a_blob_away()
        self.touch()
        self.forget()

    @property
    def environment(self) -> dict[str, str]:
        """What makes the person's own git run things, too, when a repository asks for them by name."""
        return {"GIT_CONFIG_GLOBAL": str(self._person)}

    @property
    def loud(self) -> dict[str, str]:
        """Variables by which a person's own git runs programs: what kedge asks of git is no occasion for them."""
        program = self._program("variable")
        names = (
            "EXTERNAL_DIFF",
            "PAGER",
            "SSH",
            "SSH_COMMAND",
            "ASKPASS",
            "EDITOR",
            "SEQUENCE_EDITOR",
            "PROXY_COMMAND",
        )
        settings = {"core.fsmonitor": program, "core.hooksPath": str(self.top / ".git" / "other-hooks")}
        given = {f"GIT_CONFIG_KEY_{at}": name for at, name in enumerate(settings)}
        given |= {f"GIT_CONFIG_VALUE_{at}": value for at, value in enumerate(settings.values())}
        return {
            **{f"GIT_{name}": program for name in names},
            **given,
            "GIT_CONFIG_COUNT": str(len(settings)),
            "GIT_CONFIG_PARAMETERS": f"'core.pager'='{program}'",
            "GIT_TRACE2_EVENT": str(self._marks / "trace"),
            "GIT_TEMPLATE_DIR": str(self.top / ".git"),
            "PAGER": program,
        }

    def conflict(self, *paths: str) -> None:
        """Leaves files of the plan in conflict, as a merge would."""
        rows: list[str] = []
        for path in paths:
            file = self.top / path
            for stage in (1, 2, 3):
                file.write_text(file.read_text().replace('title = "', f'title = "{stage} ', 1))
                name = self._plain("hash-object", "-w", "--no-filters", "--stdin", given=file.read_text())
                rows.append(f"100644 {name} {stage}\t{path}\n")
        self._plain("-c", "core.fsmonitor=false", "update-index", "--index-info", given="".join(rows))
        (self.top / ".git" / "MERGE_HEAD").write_text(self._plain("rev-parse", "HEAD") + "\n")
        self.forget()

    def touch(self) -> None:
        """Makes git look into every file again."""
        for path in self.plan.rglob("*.toml"):
            os.utime(path, (1, 1))

    def ran(self) -> set[str]:
        """The names of what has been executed."""
        return {path.name for path in self._marks.iterdir()}

    def forget(self) -> None:
        """Takes all marks away."""
        for path in self._marks.iterdir():
            path.unlink()

    def git(self, *arguments: str) -> None:
        """What a person does, with everything in force; it may well fail."""
        subprocess.run(
            ["git", *arguments],
            cwd=self.top,
            env={**os.environ, **self.environment},
            input=b"protocol=https\nhost=example.org\n\n",
            capture_output=True,
            check=False,
            timeout=60,
        )

    def _mark(self, name: str, then: str = "cat") -> str:
        return f"touch '{self._marks / name}'; {then}"

    def _plain(self, *arguments: str, given: str | None = None, folder: Path | None = None) -> str:
        quiet = ["-c", "protocol.file.allow=always", "-c", "core.hooksPath=/dev/null"]
        done = subprocess.run(
            ["git", *quiet, *arguments],
            cwd=folder or self.top,
            check=True,
            capture_output=True,
            text=True,
            input=given,
        )
        return done.stdout.strip()

    def _submodule(self) -> None:
        part = self.top.parent / "part"
        part.mkdir()
        self._plain("init", "-q", "-b", "main", folder=part)
        self._plain("commit", "-q", "--allow-empty", "-m", "part", folder=part)
        self._plain("submodule", "add", "-q", str(part), "plan/part")
        settings = self.top / ".git" / "modules" / "plan" / "part" / "config"
        self._set(settings, {"core.fsmonitor": self._mark("submodule", "false")})

    def _attributes(self) -> None:
        lines = (
            "*.toml filter=cleaned diff=shown merge=merged\n"
            "board.toml filter=processed\n"
            "strategy.toml diff=commanded\n"
            "*-??*.toml merge=kedge diff=kedge\n"
            "plan/people/*.toml filter=persons\n"
        )
        (self.top / ".gitattributes").write_text(lines)
        info = self.top / ".git" / "info"
        info.mkdir(exist_ok=True)
        (info / "attributes").write_text("plan/projects/*/project.toml filter=informed\n")

    def _sign(self) -> None:
        """The last commit gets a signature, which `log.showSignature` has checked by a program."""
        head = self._plain("cat-file", "commit", "HEAD") + "\n"
        fields, blank, message = head.partition("\n\n")
        signed = f"{fields}\n{_SIGNATURE.rstrip()}{blank}{message}"
        commit = self._plain("hash-object", "-t", "commit", "-w", "--stdin", given=signed)
        self._plain("update-ref", "refs/heads/main", commit)

    def _set_everything(self) -> None:
        hooks = self.top / ".git" / "hooks"
        other = self.top / ".git" / "other-hooks"
        for place in (hooks, other):
            place.mkdir(exist_ok=True)
            for name in _HOOKS:
                (place / name).write_text(f"#!/bin/sh\n{self._mark('hook-' + name, 'exit 0')}\n")
                (place / name).chmod(0o755)
        programs = {name: self._program(name) for name in ("gpg", "askpass", "alternate", "proxy")}
        included = self.top / ".git" / "included"
        self._set(included, {"diff.commanded.command": self._mark("included")})
        transport = f"ext::sh -c touch% {self._marks / 'transport'}"
        keys = {
            "core.repositoryFormatVersion": "1",
            "extensions.partialClone": "origin",
            "remote.origin.url": transport,
            "remote.origin.promisor": "true",
            "remote.origin.fetch": "+refs/heads/*:refs/remotes/origin/*",
            "remote.origin.uploadpack": self._mark("uploadpack"),
            "remote.origin.receivepack": self._mark("receivepack"),
            "protocol.allow": "always",
            "protocol.ext.allow": "always",
            "core.fsmonitor": self._mark("fsmonitor", "false"),
            "core.hooksPath": str(other),
            "core.sshCommand": self._mark("ssh"),
            "core.askPass": programs["askpass"],
            "core.editor": self._mark("editor"),
            "core.pager": self._mark("pager"),
            "core.gitProxy": programs["proxy"],
            "core.alternateRefsCommand": programs["alternate"],
            "sequence.editor": self._mark("sequence"),
            "pager.status": self._mark("pager-status"),
            "pager.log": self._mark("pager-log"),
            "interactive.diffFilter": self._mark("interactive"),
            "diff.external": self._mark("external"),
            "diff.shown.textconv": self._mark("textconv", "cat -- "),
            "diff.commanded.command": self._mark("command"),
            "filter.cleaned.clean": self._mark("clean"),
            "filter.cleaned.smudge": self._mark("smudge"),
            "filter.cleaned.required": "true",
            "filter.processed.process": self._mark("process", "exit 1"),
            "merge.merged.driver": self._mark("merge", "exit 0"),
            "merge.default": "merged",
            "merge.kedge.driver": self._mark("merge-of-kedge", "exit 0"),
            "merge.kedge.recursive": "merged",
            "diff.kedge.textconv": self._mark("textconv-of-kedge", "cat -- "),
            "diff.kedge.command": self._mark("command-of-kedge"),
            "log.showSignature": "true",
            "gpg.program": programs["gpg"],
            "gpg.ssh.program": programs["gpg"],
            "credential.helper": "!" + self._mark("credential"),
            "alias.st": "!" + self._mark("alias"),
            "alias.status": "!" + self._mark("alias-status"),
            "difftool.x.cmd": self._mark("difftool"),
            "trace2.eventTarget": str(self._marks / "trace"),
            "submodule.recurse": "true",
            "status.submoduleSummary": "true",
            "include.path": str(included),
            f"includeIf.gitdir:{self.top}/.path": str(included),
            "core.worktree": str(self.top),
            "extensions.worktreeConfig": "true",
            "log.diffMerges": "on",
            "remote.origin.vcs": "marked",
            "core.attributesFile": str(self.top / ".gitattributes"),
            "core.excludesFile": str(self.top / ".git" / "nowhere"),
            "index.threads": "1",
        }
        self._set(self.top / ".git" / "config", keys)
        self._set(
            self.top / ".git" / "config.worktree",
            {"filter.informed.clean": self._mark("clean-by-info"), "pager.diff": self._mark("pager-diff")},
        )
        self._set(self._person, {"filter.persons.clean": self._mark("clean-of-person")})

    def _program(self, name: str) -> str:
        path = self.top / ".git" / f"{name}.sh"
        path.write_text(f"#!/bin/sh\n{self._mark(name, 'exit 1')}\n")
        path.chmod(0o755)
        return str(path)

    def _set(self, path: Path, keys: dict[str, str]) -> None:
        for key, value in keys.items():
            subprocess.run(
                ["git", "config", "--file", str(path), key, value], check=True, cwd=path.parent.parent
            )

    def _take_a_blob_away(self) -> None:
        """As in a partial clone: what the plan's first commit had is to be fetched, by a transport that runs."""
        lost = subprocess.run(
            ["git", "rev-parse", "HEAD~1:plan/board.toml"],
            cwd=self.top,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        (self.top / ".git" / "objects" / lost[:2] / lost[2:]).unlink()


EXPECTED = {
    *(
        "fsmonitor",
        "submodule",
        "clean",
        "process",
        "clean-by-info",
        "clean-of-person",
        "textconv",
        "external",
    ),
    *(
        "included",
        "transport",
        "gpg",
        "alias",
        "editor",
        "credential",
        "hook-post-index-change",
        "hook-pre-commit",
    ),
    "hook-reference-transaction",
}
"""What plain git is seen to run; the other keys need a terminal, a server, or a later version of git."""


def run_plain_git(repository: Hostile) -> None:
    """What a person might do in it."""
    # The filter that is a process of its own ends git, as it answers nothing: once is enough.
    repository.git("status")
    for command in (
        "status",
        "st",
        "diff",
        "-c diff.external= diff",
        "log -p -2",
        "log -p --ext-diff -1 -- code.py",
        "log -p --ext-diff -1 -- plan/projects",
        "log -1",
        "-c diff.external= log -p -2 --no-ext-diff -- plan/projects",
        "credential fill",
        "add -A",
        "commit --allow-empty",
        "branch another",
        "fetch",
    ):
        repository.touch()
        repository.git("-c", "filter.processed.process=", *command.split())

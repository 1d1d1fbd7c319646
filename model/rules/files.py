"""F1: files, syntax and values. Reading finds these before there is a plan, so that none has a check here."""

from __future__ import annotations

from .rule import Rule

_READING = "docs/format.md: every file is read on its own, and what fails is a finding"
_PLACES = "docs/format.md: the folder says the kind, the file's name is the id"

RULES = (
    Rule(
        "F101",
        "syntax-error",
        "error",
        "A file that is not TOML cannot be read. Its last good state stays on the board, and nothing is "
        "written to it.",
        "Correct the line that the finding names in an editor.",
        "TOML 1.0",
        'title = "Label audit\nplace = "assess/data-infra"',
    ),
    Rule(
        "F102",
        "conflict-markers",
        "error",
        "A merge or rebase left both sides in the file. Whichever was meant, neither is read.",
        "Keep one side of each field, and remove the lines that begin with <<<<<<<, ======= and >>>>>>>.",
        "git-merge, How conflicts are presented",
        "",
    ),
    Rule(
        "F103",
        "not-utf8",
        "error",
        "TOML is UTF-8. In another encoding letters turn into other letters without a warning.",
        "Save the file as UTF-8.",
        "TOML 1.0, Spec",
        "",
    ),
    Rule(
        "F104",
        "value-does-not-fit",
        "error",
        "The record is loaded without the value, so that dates, sums and filters go on as if it were not set.",
        "Write a value of the kind that the finding names.",
        _READING,
        'status = "dong"',
    ),
    Rule(
        "F105",
        "unknown-key",
        "warning",
        "A key that nothing reads is usually a slip: what was typed there has no effect.",
        "Correct the name, or leave the key where a script of yours reads it: it is kept.",
        _READING,
        'onwer = "mira"',
    ),
    Rule(
        "F106",
        "place-in-file",
        "warning",
        "Id and project are said by the file's place. Said twice, they would contradict each other one day.",
        "Remove the line; to change an id, rename the record.",
        _PLACES,
        'id = "label-audit-9x4p"',
    ),
    Rule(
        "F107",
        "missing-value",
        "error",
        "Without it a list shows an id where people look for a name.",
        "Write the line.",
        "docs/format.md: the fields that must be there",
        "",
    ),
    Rule(
        "F108",
        "file-too-large",
        "error",
        "Everything in a plan is read at every start. A file above 1 MB, with more than 20,000 values (or more "
        "than 2,000 and little else), 500 texts (or 2,000 other items) in a list, 8 levels of tables and lists "
        "or 500 letters in a key is not a record, or holds what belongs elsewhere; it is not read, and nothing is "
        "written to it. Of files with many values, those are read that have 60,000 together, prose not counted.",
        "Move long text or data to a file outside the plan, and link to it.",
        _READING,
        "",
    ),
    Rule(
        "F109",
        "too-many-files",
        "error",
        "A plan of more than 100,000 files is hardly meant, and would take minutes to read; the files "
        "beyond that are not read.",
        "Split the plan, or move old projects to a plan of their own.",
        _READING,
        "",
    ),
    Rule(
        "F110",
        "unreadable",
        "error",
        "What the system does not let us read is missing on the board; so is a link that leads nowhere, a folder, "
        "a pipe or a device in the place of a record, and a file in the place of a folder.",
        "Check permissions of the file and of its folder, and where symlinks lead; put the file itself there.",
        _READING,
        "",
    ),
    Rule(
        "F111",
        "symlink-leaves-plan",
        "error",
        "A plan from another person could make Kedge read any file of yours, and show or copy it.",
        "Put the file or folder itself into the plan.",
        "CWE-59, Improper link resolution before file access",
        "",
    ),
    Rule(
        "F112",
        "name-is-no-id",
        "error",
        "The file's name is the record's id. A name that is not an id cannot be referred to, so that the file is "
        "not read. An ending such as .TOML is another name on most systems.",
        "Rename the file: lower-case letters, digits and single hyphens, at most 64, and .toml.",
        _PLACES,
        "",
    ),
    Rule(
        "F113",
        "newer-format",
        "error",
        "A newer Kedge wrote this plan. This one could lose what it does not understand, so that it only "
        "reads.",
        "Install a newer Kedge.",
        "docs/format.md: format",
        "format = 2",
    ),
    Rule(
        "F114",
        "older-format",
        "error",
        "The plan says that it has a format older than the first one, which no Kedge ever wrote.",
        "Set the format that the finding names.",
        "docs/format.md: format",
        "format = 0",
    ),
    Rule(
        "F115",
        "key-twice",
        "error",
        "TOML forbids the same key twice, since it would not be clear which one counts. Merges by hand are the "
        "usual cause.",
        "Keep one of the two lines.",
        "TOML 1.0, Keys",
        'owner = "mira"\nstatus = "doing"\nowner = "mira"',
    ),
    Rule(
        "F116",
        "toml-1-1",
        "warning",
        "The file uses syntax of TOML 1.1. Kedge reads it; editors, git hosts and scripts may not yet.",
        "Write it the TOML 1.0 way; `kedge fmt` does that.",
        "TOML 1.1, change log",
        'title = "Audit the labels\\x21"',
    ),
    Rule(
        "F117",
        "stray-file",
        "warning",
        "Nothing is read from a file or folder that has no place in a plan. What was written there "
        "is never seen.",
        "Move it where it belongs; names that begin with a dot or an underscore are passed over.",
        _PLACES,
        "",
    ),
    Rule(
        "F118",
        "playbook-does-not-fit",
        "error",
        "An entry of the team's playbook that cannot be used leaves the shipped one in place, so that people "
        "are asked something else than the team decided.",
        "Correct the entry in playbook.toml.",
        "docs/playbook.md",
        "[item.disc-outcome]\nweigth = 5",
    ),
    Rule(
        "F130",
        "another-form",
        "warning",
        "A text where a list belongs, or tables without keys, are read for what they plainly mean. Other tools "
        "that read the plan may not see it so, and two branches' additions to it do not merge.",
        "Let `kedge fmt` write it in the format's form; every word and comment stays.",
        "docs/format.md: the forms of lists and tables",
        'tags = "data, infra"',
    ),
)

"""D1: what shows only beside an earlier revision. Two plans are compared for these, so that none has a check here."""

from __future__ import annotations

from .rule import Rule

_ENGINE = "docs/rules.md: compared with another revision"

RULES = (
    Rule(
        "D101",
        "goal-moved",
        "warning",
        "A goal that moves after work on it began is always reached. Those who promised it or pay for it must know.",
        'Record the decision that moves it, and name it there: changes = ["metrics.churn-recall.target"].',
        _ENGINE,
        "target = 0.25",
    ),
    Rule(
        "D102",
        "decided-along-with-the-change",
        "advice",
        "A decision that comes in the same commit as the change that it excuses was not open to anyone before.",
        "Have the decision merged first, or point to where it was discussed.",
        _ENGINE,
        'changes = [\n  "metrics.churn-recall.target",\n]',
    ),
    Rule(
        "D103",
        "decided-by-its-author",
        "advice",
        "A goal that one person moves and allows to be moved was seen by no second pair of eyes.",
        "Have another person record the decision.",
        _ENGINE,
        'changes = [\n  "metrics.churn-recall.target",\n]',
    ),
    Rule(
        "D104",
        "merge-mixed-intents",
        "warning",
        "Fields that belong together were merged line by line, one from each side: no person chose what they now say.",
        "Look at both sides (git show of the merge), and set the fields together. kedge git install --merge keeps it"
        " from happening again.",
        _ENGINE,
        "target = 0.25",
    ),
    Rule(
        "D105",
        "decision-rewritten",
        "warning",
        "A decision that changes afterwards says that something was decided which was not.",
        "Leave it as it was, and record a new decision.",
        _ENGINE,
        'why = "The data does not allow more."',
    ),
    Rule(
        "D106",
        "date-moved-without-reason",
        "warning",
        "A due date that moves later without a word is a date that no one can rely on.",
        'Record the decision that moves it, and name it there: changes = ["milestones.mvp-live.due"].',
        _ENGINE,
        "due = 2027-02-01",
    ),
    Rule(
        "D107",
        "merge-lost-edit",
        "error",
        "Git guesses which files belong together, and a merge by hand leaves things out: what one side did to a record"
        " is not in the merge, though no one was asked about it.",
        "kedge git recover MERGE brings it back, as one step. kedge git install --merge lets kedge ask before such a"
        " merge is made.",
        _ENGINE,
        'title = "Build the churn feature table"',
    ),
)

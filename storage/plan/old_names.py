"""A rename follows every reference that could be read; where one may stand unread it is refused.

Otherwise the old name would come back as a reference to nothing on the day on which the file is mended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ...model.plan.change import Batch
from ...model.plan.unfit import place_of
from ...model.records.address import Address
from ...model.records.kinds import KINDS
from ..disk.errors import Unreadable
from ..disk.fetch import MAX_SIZE
from ..disk.paths import PLAYBOOK
from ..toml.values import get
from .file_steps import current
from .source_file import SourceFile

_HINT = "nothing was written; correct the file, then rename"


def refuse_old_names(root: str, known: Mapping[str, SourceFile], batch: Batch) -> None:
    """Raises Unreadable where a step renames something that a file may name in what could not be read of it."""
    moved = {
        change.before.address
        for change in batch.changes
        if change.before is not None and change.after is not None and change.before.id == change.after.id
    }
    for address in batch.renamed:
        for path, file in known.items():
            if not (file.broken or file.unfit) or file.address == PLAYBOOK:
                continue
            name = _name_in(file.address, address, only_whole=address in moved)
            for place in _places(root, path, file, name):
                raise Unreadable(f"{place} cannot be read, and may name {address.id!r}", _HINT)


def _name_in(reader: Address, named: Address, *, only_whole: bool) -> re.Pattern[str]:
    """How a file names something: by its id, or where that would mean another thing, with its project before it."""
    is_plan_wide = named.kind == "card" or not (named.kind not in KINDS or KINDS[named.kind].in_project)
    is_bare = not only_whole and (is_plan_wide or reader.project == named.project)
    name = named.id if is_bare else f"{named.project}/{named.id}"
    return re.compile(rf"(?<![a-z0-9-]){re.escape(name)}(?![a-z0-9-])")


def _places(root: str, path: str, file: SourceFile, name: re.Pattern[str]) -> Iterator[str]:
    """Where the name may stand unread, as `file:line`."""
    if file.broken:
        content = file.content or current(root, path) or b""
        text = content.decode("utf-8", "replace")
        if found := name.search(text):
            yield f"{path}:{text.count(chr(10), 0, found.start()) + 1}"
        elif len(content) > MAX_SIZE:
            yield path
        return
    import tomli

    data = tomli.loads(file.content.decode("utf-8-sig"))
    for finding in file.unfit:
        at = finding.field
        for form in reversed(file.plain_forms):
            at = form.written(at)
        if name.search(str(get(data, at))):
            yield place_of(finding)

"""What shells complete: live ids, projects, people, tags and fields.

A key press must not wait: ids come from the names of files, and only what stands inside files is read.
"""

from __future__ import annotations

from collections.abc import Iterable

import click
from click.shell_completion import CompletionItem

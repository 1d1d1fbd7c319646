"""F2: what fits word by word, but not together: settings of the plan, dates in the wrong order, lists that repeat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import cache

from ...model.address import Address
from ..plan import Plan
from ..playbook.merge import Problem
from ..records.base import Entry, sections, tables
from ..records.board import Board
from ..records.card import Card
from ..records.project import Project
from ..validate import nearest
from .rule import FAMILIES, Context, Hit, Rule

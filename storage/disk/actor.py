"""Who works in this shell: a person, or a coding agent that a person has running beside them.

An agent may do daily work and propose; what a person answers for needs a person. `KEDGE_ACTOR` says who it is. Where
it says nothing, the variables that common agents set for the commands they run do: in such a shell `KEDGE_ACTOR=person`
counts only at a terminal, where a person can have typed it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .errors import BadValue
from .userconfig import read_config

AGENT, PERSON = "agent", "person"
OF_AGENTS = (
    "AI_AGENT",
    "AMP_CURRENT_THREAD_ID",
    "ANTIGRAVITY_AGENT",
    "AUGMENT_AGENT",
    "CLAUDECODE",
    "CLAUDE_CODE",
    "CLINE_ACTIVE",
    "CODEX_CI",
    "CODEX_SANDBOX",
    "CODEX_SANDBOX_NETWORK_DISABLED",
    "CODEX_THREAD_ID",
    "COPILOT_AGENT",
    "COPILOT_CLI",
    "CURSOR_AGENT",
    "GEMINI_CLI",
    "GOOSE_TERMINAL",
    "OPENCODE",
    "OPENCODE_CLIENT",
    "PI_CODING_AGENT",
    "QWEN_CODE",
)
"""Variables that coding agents set in the shells in which they run commands."""


@dataclass(frozen=True)
class Actor:
    """Who makes a change."""

    environment: Mapping[str, str] = field(repr=False)
    because: str = ""
    """The variable by which an agent is known, with its value; empty for a person."""

    @cached_property
    def name(self) -> str:
        """An id among the people of the plan, else the login name; `agent` for an agent."""
        if self.is_agent:
            return AGENT
        known = self.environment.get("KEDGE_ME") or read_config(self.environment).me
        return known or self.environment.get("USER") or self.environment.get("USERNAME") or PERSON

    @property
    def is_agent(self) -> bool:
        """Whether a person has to make what a person answers for."""
        return bool(self.because)


def actor_of(environment: Mapping[str, str]) -> Actor:
    """Who works in a shell with these variables. Raises BadValue where `KEDGE_ACTOR` is neither agent nor person."""
    said = environment.get("KEDGE_ACTOR", "").strip().casefold()
    if said not in ("", AGENT, PERSON):
        raise BadValue(f"KEDGE_ACTOR is {said!r}", f"it is {AGENT} or {PERSON}, or not set")
    if said == AGENT:
        return Actor(environment, "KEDGE_ACTOR=agent")
    found = next((name for name in OF_AGENTS if environment.get(name)), None)
    if found is not None and not (said == PERSON and os.isatty(0)):
        return Actor(environment, f"{found} is set")
    return Actor(environment)

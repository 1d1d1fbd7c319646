"""Which technical requirements serve which business ones: what serves nothing, and what nothing serves."""

from __future__ import annotations

from collections.abc import Mapping

from ..records.requirements import Requirements, TechnicalRequirement


def working(record: Requirements) -> Mapping[str, TechnicalRequirement]:
    """The technical requirements in scope."""
    return {key: one for key, one in record.technical.items() if one.in_scope}


def serving_nothing(record: Requirements) -> list[str]:
    """The technical requirements in scope that name no business one."""
    return [key for key, one in working(record).items() if not one.serves]


def unserved(record: Requirements) -> list[str]:
    """The business requirements in scope that no technical one serves."""
    served = {name.rpartition("/")[2] for one in working(record).values() for name in one.serves}
    return [key for key, one in record.business.items() if one.in_scope and key not in served]

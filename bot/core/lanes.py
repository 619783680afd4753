"""The private lane: what may come from somebody who needs help goes to the event's leads and to nobody else."""

from __future__ import annotations

from collections.abc import Collection

OPEN, PRIVATE = "open", "private"
RISKY = frozenset({"distress", "medical_advice"})

_REASONS = {
    "distress": "May come from somebody who is in distress or at risk, or who worries about somebody who is.",
    "medical_advice": "Asks for advice that only a doctor, nurse or pharmacist who knows the person can give.",
}
_REPLIES = {
    "distress": (
        "Thank you for telling us. We run an event and cannot give you the help you deserve, but you do not have to "
        "wait for it."
    ),
    "medical_advice": "Thank you for asking. We cannot give medical advice here: a doctor or pharmacist can.",
}


def lane_of(flags: Collection[str]) -> str:
    """The lane of an item with these flags: PRIVATE if one of them is risky, else OPEN."""
    return PRIVATE if RISKY & set(flags) else OPEN


def reasons(flags: Collection[str]) -> list[str]:
    """Why the desk keeps it private, in sentences; without a risky flag, a person did."""
    return [_REASONS[flag] for flag in sorted(RISKY & set(flags))] or ["Somebody of the team asked for care with it."]


def set_reply(flags: Collection[str], routes: str) -> str:
    """What to answer, with the contact routes of the event; a person reads and sends it. "" without routes."""
    if not routes.strip():
        return ""
    known = "medical_advice" if "medical_advice" in flags and "distress" not in flags else "distress"
    return f"{_REPLIES[known]} {routes.strip()}"

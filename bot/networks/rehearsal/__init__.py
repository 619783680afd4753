"""The rehearsal: four networks and a live blog played from a file, with no account anywhere."""

from __future__ import annotations

from bot.networks.rehearsal.network import Rehearsal
from bot.networks.rehearsal.remote import Remote

__all__ = ["Rehearsal", "Remote"]

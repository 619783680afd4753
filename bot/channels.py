"""Where people are reached outside the console: mail, chat, anything that apprise knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import structlog

log = structlog.get_logger()
WITHIN = 30.0  # seconds for one message on all channels
MISSING = "Alerts need apprise, which is not installed: pip install 'backchannel[alerts]'."


class NotTold(Exception):
    """No channel took a message; the text says which, without their secrets."""


class Channels(Protocol):
    """Where alerts go."""

    def say(self, title: str, body: str) -> None:
        """One message to every channel. Raises NotTold if none of them took it."""


class Apprised:
    """Channels by their apprise addresses (mailto://, slack://, msteams://, json://, ...)."""

    def __init__(self, addresses: Sequence[str]) -> None:
        """Raises ValueError, without the secret in it, on an address that apprise does not know, or without apprise."""
        try:
            from apprise import Apprise
        except ImportError as missing:
            raise ValueError(MISSING) from missing
        self._channels = Apprise()
        for number, address in enumerate(addresses, 1):
            if not self._channels.add(address):
                kind = address.partition("://")[0][:20]
                raise ValueError(f"Address {number} in BACKCHANNEL_ALERTS ({kind}://...) is none that apprise knows.")

    def say(self, title: str, body: str) -> None:
        """One message to every channel, within 30 s in all. Raises NotTold if none of them took it."""
        result = self._channels.notify(body=body, title=title, body_format="text", timeout=WITHIN)
        failed = [one.name for one in result.results if one.status.name != "SUCCESS"]
        if failed:
            log.warning("alert not taken", channels=failed)
        if not result.success_count:
            raise NotTold(f"No channel took the message: {', '.join(failed) or 'none is set up'}.")


def try_out(channels: Channels) -> None:
    """A message that says it is one to try. Raises NotTold."""
    channels.say(
        "Backchannel: this is a test", "Messages like this come when a person is needed. Nothing is needed now."
    )

"""What becomes of questions, in the words of the pages."""

from __future__ import annotations

from datetime import UTC, datetime

OUTCOMES = {
    "aloud": "Said aloud in the room",
    "writing": "Answered in writing",
    "declined": "Declined",
    "care": "Dealt with",
}
BECAME = OUTCOMES | {"followup": "To follow up", "dismissed": "Dismissed", "open": "Not answered"}
CLEARED = {
    "all": "everything that people wrote was erased, posts",
    "old": "what was too old was erased, posts",
    "private": "what was private was erased, posts",
    "raw": "what could not be read was erased, rows",
}
ENDINGS = {  # of the form for answers
    "writing": "This is the answer, in writing",
    "aloud": "It was said aloud in the room: these words tell them",
    "accepted": "It goes to the room: these words say so",
    "followup": "Somebody follows it up after the event",
    "declined": "It is declined, with these kind words",
}
SAVED = (  # replies to start from
    ("Thanks, it is with the room", "Thank you, your question is with the room now."),
    ("Here is what the room said", "Thank you for your question. The room said: "),
    ("Not this time", "Thank you for your question. There was no time for it today, and we wanted you to know."),
    ("We will come back to you", "Thank you for your question. We will come back to you after the event."),
)


def date(word: str) -> str:
    """A day such as 2017-07-31 in words: 31 July 2017; other words as they are."""
    try:
        there = datetime.strptime(word, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return word
    return f"{there.day} {there:%B %Y}"


ALL = {"date": date}

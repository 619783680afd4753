"""Who may do what: the rights of each role, and the right that every page and every button needs.

The one table that the console and the desk read. A page or a button that is not in it does not start.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Right(StrEnum):
    """What a role can include. Sorting, replying and publishing are apart."""

    QUEUE = "queue"  # see the questions and the thoughts
    LOOK = "look"  # see the rest: search, overview
    TRIAGE = "triage"  # sort questions and thoughts, reword them, put them before the room
    REPLY = "reply"  # answer in writing, to those who asked
    PUBLISH = "publish"  # updates: what goes out, what is held, the switch that stops everything
    HIDDEN = "hidden"  # open phone numbers and addresses that are hidden
    ERASE = "erase"  # erase what somebody wrote, for good
    PRIVATE = "private"  # the private lane: who may need help
    PEOPLE = "people"  # who works on the event, and its screens


OWNER, LEAD, HELPER = "owner", "lead", "helper"
_LOOK = frozenset({Right.QUEUE, Right.LOOK})
_FACILITATE = _LOOK | {Right.TRIAGE, Right.REPLY}
ROLES: Mapping[str, frozenset[Right]] = {
    "viewer": _LOOK,
    HELPER: frozenset({Right.QUEUE, Right.TRIAGE}),
    "facilitator": _FACILITATE,
    "comms": _FACILITATE | {Right.PUBLISH},
    LEAD: frozenset(Right),
    OWNER: frozenset(Right),
}

NAMES: Mapping[str, str] = {
    OWNER: "Owner",
    LEAD: "Event lead",
    "comms": "Comms",
    "facilitator": "Facilitator",
    HELPER: "Helper on the day",
    "viewer": "Viewer",
}

# Addresses that anybody may ask for, signed in or not. What they show, they guard themselves.
OPEN = frozenset(
    {
        "/static/{path:path}",
        "/away",
        "/worker.js",
        "/signin",
        "/signout",
        "/in/{token}",
        "/screen/{token}",
        "/screen/{token}/live",
        "/join",
        "/join/{code}",
        "/healthz",
        "/readyz",
    }
)

# Each page, by its address; None: it is enough to be signed in.
PAGES: Mapping[str, Right | None] = {
    "/": None,
    "/me": None,
    "/e/{slug}": Right.QUEUE,
    "/e/{slug}/live": Right.QUEUE,
    "/e/{slug}/questions": Right.QUEUE,
    "/e/{slug}/questions/one": Right.QUEUE,
    "/e/{slug}/questions/sheet": Right.QUEUE,
    "/e/{slug}/questions/floor": Right.TRIAGE,
    "/e/{slug}/questions/{id}": Right.QUEUE,
    "/e/{slug}/blocks": Right.TRIAGE,
    "/e/{slug}/private": Right.PRIVATE,
    "/e/{slug}/thoughts": Right.QUEUE,
    "/e/{slug}/everything": Right.LOOK,
    "/e/{slug}/overview": Right.LOOK,
    "/e/{slug}/erase/{id}": Right.ERASE,
    "/e/{slug}/after": Right.LOOK,
    "/e/{slug}/after/{form}": Right.LOOK,
    "/e/{slug}/screens": Right.QUEUE,
    "/e/{slug}/screens/{id}": Right.QUEUE,
    "/e/{slug}/people": Right.PEOPLE,
    "/e/{slug}/codes/{id}": Right.PEOPLE,
    "/e/{slug}/updates": Right.PUBLISH,
    "/e/{slug}/updates/new": Right.PUBLISH,
    "/e/{slug}/updates/{id}": Right.PUBLISH,
    "/e/{slug}/photos/{mark}": Right.PUBLISH,
}

# Each button, by the name of its function in `bot.desk`; None: it is about oneself.
BUTTONS: Mapping[str, Right | None] = {
    "add_note": Right.TRIAGE,
    "add_photo": Right.PUBLISH,
    "add_screen": Right.PEOPLE,
    "answer": Right.REPLY,
    "ask_from_floor": Right.TRIAGE,
    "answered": Right.TRIAGE,
    "approve": Right.PUBLISH,
    "back_to_draft": Right.PUBLISH,
    "block_person": Right.TRIAGE,
    "block_word": Right.TRIAGE,
    "claim": Right.TRIAGE,
    "correct": Right.PUBLISH,
    "count_reactions": Right.PUBLISH,
    "cover_screens": Right.TRIAGE,
    "decline": Right.TRIAGE,
    "dealt_with": Right.PRIVATE,
    "dismiss": Right.TRIAGE,
    "draft_on_blog": Right.PUBLISH,
    "earlier": Right.TRIAGE,
    "edit_update": Right.PUBLISH,
    "end_screen": Right.PEOPLE,
    "end_other_sessions": None,
    "end_own_session": None,
    "erase": Right.ERASE,
    "end_sessions": Right.PEOPLE,
    "follow_up": Right.TRIAGE,
    "hand_over": Right.TRIAGE,
    "hold": Right.PUBLISH,
    "keep_item_private": Right.TRIAGE,
    "keep_private": Right.TRIAGE,
    "later": Right.TRIAGE,
    "lift_block": Right.TRIAGE,
    "invite": Right.PEOPLE,
    "make_code": Right.PEOPLE,
    "make_question": Right.TRIAGE,
    "make_thought": Right.TRIAGE,
    "merge": Right.TRIAGE,
    "move_many": Right.TRIAGE,
    "park": Right.TRIAGE,
    "pause": Right.PUBLISH,
    "choose_photos": Right.PUBLISH,
    "fetch_photos": Right.PUBLISH,
    "preview_answer": Right.REPLY,
    "put_among_questions": Right.PRIVATE,
    "put_among_thoughts": Right.PRIVATE,
    "read_out": Right.TRIAGE,
    "release": Right.TRIAGE,
    "renew_screen": Right.PEOPLE,
    "retry": Right.REPLY,  # of an answer; of anything else, see SETTLES
    "revoke_code": Right.PEOPLE,
    "reword": Right.TRIAGE,
    "send_at": Right.PUBLISH,
    "set_flag": Right.TRIAGE,
    "set_password": None,
    "set_role": Right.PEOPLE,
    "set_theme": Right.TRIAGE,
    "set_thought_theme": Right.TRIAGE,
    "settle_doubt": Right.PUBLISH,
    "show_hidden": Right.HIDDEN,
    "show_on_screen": Right.TRIAGE,
    "split_off": Right.TRIAGE,
    "start_network": Right.PUBLISH,
    "take_off_screen": Right.TRIAGE,
    "sign_in_link": Right.PEOPLE,
    "take_away": Right.PEOPLE,
    "to_room": Right.TRIAGE,
    "uncover_screens": Right.TRIAGE,
    "undo": Right.TRIAGE,
    "unhold": Right.PUBLISH,
    "unpause": Right.PUBLISH,
    "unread": Right.TRIAGE,
    "wait": Right.TRIAGE,
    "was_sent": Right.REPLY,  # of an answer; of anything else, see SETTLES
    "wish": Right.LOOK,
    "withdraw": Right.PUBLISH,
    "write_post": Right.PUBLISH,
}

# A delivery that needs a person, by the kind of its post.
SETTLES: Mapping[str, Right] = {
    "answer": Right.REPLY,
    "update": Right.PUBLISH,
    "correction": Right.PUBLISH,
    "withdrawal": Right.PUBLISH,
    "notice": Right.PUBLISH,
    "page": Right.PUBLISH,
}


def may(role: str, right: str) -> bool:
    """Whether a role includes a right; a role that nobody knows includes none. Raises ValueError on no right."""
    return Right(right) in ROLES.get(role, frozenset())

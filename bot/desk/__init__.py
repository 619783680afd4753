"""What a person can do: every button is one function here, in one transaction, and never a network call."""

from bot.desk.answers import Preview, answer, preview_answer
from bot.desk.blocks import block_person, block_word, lift_block
from bot.desk.corrections import correct, count_reactions
from bot.desk.erasing import erase
from bot.desk.floor import ask_from_floor, earlier, hand_over, later, split_off
from bot.desk.items import make_question, make_thought, read_out, set_thought_theme, unread
from bot.desk.moves import answered, dismiss, move_many, park, to_room, undo, wait
from bot.desk.oneself import end_other_sessions, end_own_session, set_password
from bot.desk.outcomes import OUTCOMES, Ending, decline, follow_up
from bot.desk.pages import draft_on_blog
from bot.desk.people import Link, end_sessions, invite, make_code, revoke_code, set_role, sign_in_link, take_away
from bot.desk.photos import choose_photos, fetch_photos
from bot.desk.private import (
    dealt_with,
    keep_item_private,
    keep_private,
    put_among_questions,
    put_among_thoughts,
)
from bot.desk.questions import (
    BY_HAND,
    add_note,
    claim,
    merge,
    release,
    reword,
    set_flag,
    set_theme,
    show_hidden,
)
from bot.desk.screens import (
    Opened,
    add_screen,
    cover_screens,
    end_screen,
    renew_screen,
    show_on_screen,
    take_off_screen,
    uncover_screens,
)
from bot.desk.settle import pause, retry, settle_doubt, start_network, unpause, was_sent, wish
from bot.desk.updates import approve, back_to_draft, edit_update, hold, unhold, withdraw
from bot.desk.who import Done, NotAllowed, NotHere, Who
from bot.desk.writing import MOST_BYTES, Written, add_photo, send_at, write_post

__all__ = [
    "BY_HAND",
    "MOST_BYTES",
    "OUTCOMES",
    "Done",
    "Ending",
    "Link",
    "NotAllowed",
    "NotHere",
    "Opened",
    "Preview",
    "Who",
    "Written",
    "add_note",
    "add_photo",
    "add_screen",
    "answer",
    "answered",
    "approve",
    "ask_from_floor",
    "back_to_draft",
    "block_person",
    "block_word",
    "choose_photos",
    "claim",
    "correct",
    "count_reactions",
    "cover_screens",
    "dealt_with",
    "decline",
    "dismiss",
    "draft_on_blog",
    "earlier",
    "edit_update",
    "end_other_sessions",
    "end_own_session",
    "end_screen",
    "end_sessions",
    "erase",
    "fetch_photos",
    "follow_up",
    "hand_over",
    "hold",
    "invite",
    "keep_item_private",
    "keep_private",
    "later",
    "lift_block",
    "make_code",
    "make_question",
    "make_thought",
    "merge",
    "move_many",
    "park",
    "pause",
    "preview_answer",
    "put_among_questions",
    "put_among_thoughts",
    "read_out",
    "release",
    "renew_screen",
    "retry",
    "revoke_code",
    "reword",
    "send_at",
    "set_flag",
    "set_password",
    "set_role",
    "set_theme",
    "set_thought_theme",
    "settle_doubt",
    "show_hidden",
    "show_on_screen",
    "sign_in_link",
    "split_off",
    "start_network",
    "take_away",
    "take_off_screen",
    "to_room",
    "uncover_screens",
    "undo",
    "unhold",
    "unpause",
    "unread",
    "wait",
    "was_sent",
    "wish",
    "withdraw",
    "write_post",
]

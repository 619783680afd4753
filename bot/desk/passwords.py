"""Passwords: how they are kept and compared, and which are too easy."""

from __future__ import annotations

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher()
NOBODY = HASHER.hash("there is nobody of that name, and that takes as long to find out")
AT_ONCE = BoundedSemaphore(2)  # a hash costs 64 MiB for a moment
LEAST = 10  # characters
MOST = 1000
FEW = 5  # different characters; fewer are a pattern
_USUAL = (
    "1234567890 0123456789 12345678910 0987654321 9876543210 1q2w3e4r5t 1qaz2wsx3edc q1w2e3r4t5 qwertyuiop qwerty1234 "
    "qwerty12345 qwerty123456 asdfghjkl1 zxcvbnm123 abcd123456 abcdefghij password12 password123 password1234 "
    "password12345 passw0rd123 p@ssword123 p@ssw0rd123 letmein123 letmein1234 welcome123 welcome1234 iloveyou12 "
    "iloveyou123 changeme123 administrator sunshine123 football123 princess123 liverpool1 manchester backchannel"
)
USUAL = frozenset(_USUAL.split())


def hashed(password: str, name: str = "") -> str:
    """What is kept of a password. Raises ValueError, in words for a person, if it is too short, too long or easy."""
    if not LEAST <= len(password) <= MOST:
        raise ValueError(f"A password has {LEAST} to {MOST:,} characters. Three or four unrelated words are good.")
    plain = password.casefold()
    if plain in USUAL or len(set(plain)) < FEW or plain == name.casefold():
        raise ValueError("Many people use that password, so it is tried first. Three or four unrelated words are good.")
    with AT_ONCE:
        return HASHER.hash(password)


def matches(kept: str, password: str) -> bool:
    """Whether this is the password. It takes as long when there is none to compare with."""
    with AT_ONCE:
        try:
            HASHER.verify(kept or NOBODY, password)
        except (VerificationError, InvalidHashError):
            return False
    return bool(kept)


def stronger(kept: str, password: str) -> str:
    """The hash as it is made today, "" if the one that is kept is as strong."""
    if not HASHER.check_needs_rehash(kept):
        return ""
    with AT_ONCE:
        return HASHER.hash(password)

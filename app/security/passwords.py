"""Passwords (口令): what may be one, how they are kept, and how one-time ones are made."""
from __future__ import annotations

import itertools
import re
import secrets
import string
import unicodedata
from functools import cache
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _
from werkzeug.security import check_password_hash, generate_password_hash

SHORTEST, LONGEST = 10, 128
WORDS = ("pingan", "boxing", "password", "mima", "平安", "博兴", "政法", "371625")
"""Words that everybody here would try first; a password may hold one only beside ten other characters."""
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without characters that look alike, since people copy a one-time password from paper."""
METHOD = "scrypt:32768:8:1"


@cache
def common() -> frozenset[str]:
    """The shipped list: passwords tried first everywhere, and the words most others are made of."""
    text = (Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.split() if line)


@cache
def nobody() -> str:
    """A hash that no password has: checking it costs as much as checking somebody's."""
    return generate_password_hash(secrets.token_urlsafe(32), METHOD)


def hashed(password: str) -> str:
    """The form in which a password is kept."""
    return generate_password_hash(password, METHOD)


def is_right(kept: str | None, password: str) -> bool:
    """Whether the password is the one kept; the answer takes the same time when there is none."""
    usable = bool(kept) and 0 < len(password) <= 8 * LONGEST
    return check_password_hash(kept if usable and kept else nobody(), password if usable else "x") and usable


def one_time() -> str:
    """A new password for one sign-in, in groups that can be read out (80 bits)."""
    return "-".join("".join(secrets.choice(ALPHABET) for _each in range(4)) for _group in range(4))


EDGES = string.digits + string.punctuation
LOOKS_LIKE = str.maketrans({"@": "a", "$": "s", "0": "o", "1": "l", "3": "e"})


def _dressed(word: str) -> bool:
    """Whether the word is a common one with a few figures or signs around it, or said twice."""
    for spelling in (word, word.translate(LOOKS_LIKE), word.strip(EDGES).translate(LOOKS_LIKE)):
        letters = re.sub("[^a-z]", "", spelling)
        half = letters[: len(letters) // 2]
        if len(word) - len(letters) < SHORTEST and (letters in common() or (half * 2 == letters and half in common())):
            return True
    return False


def _simple(word: str) -> bool:
    steps = {ord(b) - ord(a) for a, b in itertools.pairwise(word)}
    return len(set(word)) < 4 or steps <= {1} or steps <= {-1}


def _guessable(word: str) -> bool:
    known = {*WORDS, str(current_app.config.get("COUNTY_CODE", "")), str(current_app.config.get("COUNTY_NAME", ""))}
    found = [each for each in known if each and each.lower() in word]
    return bool(found) and len(word) - max(map(len, found)) < SHORTEST


def fault(password: str, username: str) -> str | None:
    """Why this cannot be the person's password, or None."""
    word = unicodedata.normalize("NFKC", password).casefold()
    if not SHORTEST <= len(password) <= LONGEST:
        return _("Use %(low)s to %(high)s characters; a sentence is easy to remember.", low=SHORTEST, high=LONGEST)
    if "\x00" in password:
        return _("There is a character that cannot be stored; please type another password.")
    if len(username) > 2 and username.casefold() in word:
        return _("The password must not contain your user name.")
    if word in common() or _dressed(word) or _simple(word):
        return _("This password is among those tried first; choose another.")
    if _guessable(word):
        return _("The password is built on a word that everybody here would try; choose another or add more.")
    return None

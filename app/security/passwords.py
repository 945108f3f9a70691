"""Passwords (口令): what may be one, how they are kept, and how one-time ones are made."""
from __future__ import annotations

import itertools
import secrets
import string
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _
from werkzeug.security import check_password_hash, generate_password_hash

SHORTEST, LONGEST = 10, 128


@dataclass(frozen=True)
class Profile:
    """What is asked of a password beyond its length and that nobody tries it first."""

    kinds: int
    """How many of capitals, small letters, figures and other characters."""
    days: int
    """After how many days another is asked for; 0 for never."""
    kept: int
    """How many of the last passwords may not come back."""


PROFILES = {"dengbao": Profile(kinds=3, days=90, kept=5), "nist": Profile(kinds=1, days=0, kept=1)}
"""``dengbao`` is what assessors of GB/T 22239 (等保) look for; ``nist`` follows SP 800-63B: length and lists, no composition, no age."""


def profile() -> Profile:
    """The rules of this console."""
    return PROFILES[current_app.config["PASSWORD_PROFILE"]]


def method() -> str:
    """The hash and its cost."""
    return f"scrypt:{current_app.config['PASSWORD_COST']}:8:1"


WORDS = ("pingan", "boxing", "password", "mima", "平安", "博兴", "政法", "371625")
"""Words that everybody here would try first; a password may hold one only beside ten other characters."""
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without characters that look alike, since people copy a one-time password from paper."""


@cache
def common() -> frozenset[str]:
    """Passwords tried first everywhere, and the words most others are made of.

    30,000 come with zxcvbn, which ranks them by how often they were found in leaked collections; our own list adds what is
    common in China and in offices here.
    """
    # The list is large and needed only where a password is chosen.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    ours = (Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split()
    return frozenset((*ours, *FREQUENCY_LISTS["passwords"]))


@cache
def nobody(cost: str) -> str:
    """A hash that no password has: checking it costs as much as checking somebody's."""
    return generate_password_hash(secrets.token_urlsafe(32), cost)


def hashed(password: str) -> str:
    """The form in which a password is kept."""
    return generate_password_hash(password, method())


def is_right(kept: str | None, password: str) -> bool:
    """Whether the password is the one kept; the answer takes the same time when there is none."""
    usable = bool(kept) and 0 < len(password) <= 8 * LONGEST
    return check_password_hash(kept if usable and kept else nobody(method()), password if usable else "x") and usable


def one_time() -> str:
    """A new password for one sign-in, in groups that can be read out (80 bits)."""
    return "-".join("".join(secrets.choice(ALPHABET) for _each in range(4)) for _group in range(4))


EDGES = string.digits + string.punctuation
LOOKS_LIKE = str.maketrans({"@": "a", "$": "s", "0": "o", "1": "l", "3": "e"})


def _dressed(word: str) -> bool:
    """Whether the word is a common one with a few figures or signs around it, or said twice."""
    for spelling in (word, word.translate(LOOKS_LIKE), word.strip(EDGES).translate(LOOKS_LIKE)):
        letters = "".join(c for c in spelling if c.isalpha())
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


def kinds_in(password: str) -> int:
    """How many of the four kinds of characters it has; a Chinese character counts as one of the others."""
    tests = (str.isupper, str.islower, str.isdecimal, lambda c: not (c.isascii() and c.isalnum()))
    return sum(any(test(c) for c in password) for test in tests)


def rules() -> list[str]:
    """What the form says beforehand."""
    rule = profile()
    said = [_("%(low)s to %(high)s characters; spaces and Chinese characters count too", low=SHORTEST, high=LONGEST)]
    if rule.kinds > 1:
        said.append(_("at least %(count)s of the four kinds: capitals, small letters, figures, other characters", count=rule.kinds))
    said.append(_("not your user name, and none of the passwords that everybody tries first"))
    if rule.kept > 1:
        said.append(_("none of your last %(count)s passwords", count=rule.kept))
    if rule.days:
        said.append(_("to be changed after %(count)s days", count=rule.days))
    return said


def fault(password: str, username: str) -> str | None:
    """Why this cannot be the person's password, or None."""
    word = unicodedata.normalize("NFKC", password).casefold()
    if not SHORTEST <= len(password) <= LONGEST:
        return _("Use %(low)s to %(high)s characters; a sentence is easy to remember.", low=SHORTEST, high=LONGEST)
    if "\x00" in password:
        return _("There is a character that cannot be stored; please type another password.")
    if kinds_in(password) < profile().kinds:
        return _("Use at least %(count)s of the four kinds: capitals, small letters, figures, other characters.", count=profile().kinds)
    if len(username) > 2 and username.casefold() in word:
        return _("The password must not contain your user name.")
    if word in common() or _dressed(word) or _simple(word):
        return _("This password is among those tried first; choose another.")
    if _guessable(word):
        return _("The password is built on a word that everybody here would try; choose another or add more.")
    return None

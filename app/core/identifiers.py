"""Numbers that carry their own check (证件号码): each check refuses only what cannot be a true number.

Region codes are never looked up: old codes, and 810000 or 830000 of residence permits, are true too.
"""
from __future__ import annotations

import re
from datetime import date

from flask_babel import lazy_gettext as _

from app.core.base import now

RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
RESIDENT_CHECKS = "10X98765432"
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
OLDEST = 120
FIRST_LAWYERS = 1979

# The first sign is the registering body: N village collectives, A the armed forces, Y others.
CREDIT_SHAPE = re.compile(rf"[1-9ANY][{CREDIT_ALPHABET}][0-9]{{6}}[{CREDIT_ALPHABET}]{{10}}")
MOBILE_SHAPE = re.compile(r"1[3-9]\d{9}")
LANDLINE_SHAPE = re.compile(r"0\d{2,3}-?\d{7,8}(-\d{1,6})?")
SERVICE_SHAPE = re.compile(r"[48]00-?\d{3}-?\d{4}|1\d{4}|9\d{4,5}")
DIVISION_SHAPE = re.compile(r"\d{6}(\d{3}(\d{3})?|U\d{3})?")


def resident_check(first17: str) -> str:
    """The last sign that GB 11643 gives to the seventeen digits before it."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, RESIDENT_WEIGHTS, strict=True))
    return RESIDENT_CHECKS[total % 11]


def credit_check(first17: str) -> str:
    """The last sign that GB 32100 gives to the seventeen before it."""
    total = sum(CREDIT_ALPHABET.index(sign) * pow(3, place, 31) for place, sign in enumerate(first17))
    return CREDIT_ALPHABET[(31 - total % 31) % 31]


def _today() -> date:
    return now().date()


def resident_id(value: str) -> None:
    """Refuse what cannot be a resident ID number (公民身份号码)."""
    if not re.fullmatch(r"[0-9]{17}[0-9X]", value):
        raise ValueError(_("An ID number has 17 digits and then a digit or a capital X."))
    try:
        born = date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        raise ValueError(_("Digits 7 to 14 of the ID number are not a calendar day.")) from None
    if not 0 <= _today().year - born.year <= OLDEST or born > _today():
        raise ValueError(_("The birth date in the ID number is in the future or more than 120 years ago."))
    if resident_check(value[:17]) != value[17]:
        raise ValueError(_("The last sign of the ID number does not fit the others: look for a mistyped digit."))


def credit_code(value: str) -> None:
    """Refuse what cannot be a unified social credit code (统一社会信用代码)."""
    if not CREDIT_SHAPE.fullmatch(value):
        raise ValueError(_("A credit code has 18 digits and capital letters, without I, O, S, V and Z."))
    if credit_check(value[:17]) != value[17]:
        raise ValueError(_("The last sign of the credit code does not fit the others: look for a mistyped sign."))


def law_firm_code(value: str) -> None:
    """Refuse a credit code that is not a law firm's: those begin with 31."""
    credit_code(value)
    if not value.startswith("31"):
        raise ValueError(_("A law firm's credit code begins with 31."))


def lawyer_certificate(value: str) -> None:
    """Refuse what cannot be a lawyer's certificate number (律师执业证号); old cards have 12 digits."""
    if not re.fullmatch(r"[0-9]{17}|[0-9]{12}", value):
        raise ValueError(_("A lawyer's certificate number has 17 digits; an old card has 12."))
    if len(value) == 17 and not FIRST_LAWYERS <= int(value[5:9]) <= _today().year:
        raise ValueError(_("Digits 6 to 9 of the certificate number must be the year it was first granted."))


def mobile(value: str) -> None:
    """Refuse what cannot be a mobile number of the mainland."""
    if not re.fullmatch(MOBILE_SHAPE.pattern, value, re.ASCII):
        raise ValueError(_("A mobile number has 11 digits and begins with 13 to 19."))


def phone(value: str) -> None:
    """Refuse what is neither a mobile, a landline with area code, nor a service number."""
    shapes = (MOBILE_SHAPE, LANDLINE_SHAPE, SERVICE_SHAPE)
    if not any(re.fullmatch(shape.pattern, value, re.ASCII) for shape in shapes):
        raise ValueError(_("Write a mobile number of 11 digits, or a landline like 0543-2300000."))


def division_code(value: str) -> None:
    """Refuse what cannot be a division's code: county 6, town 9, village 12 digits, department 6 + U + 3."""
    if not re.fullmatch(DIVISION_SHAPE.pattern, value, re.ASCII):
        raise ValueError(_("A division code has 6, 9 or 12 digits, or 6 digits, U and 3 digits."))

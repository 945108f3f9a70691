"""Each number's check refuses what cannot be true, and nothing else."""
from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.core import identifiers

TODAY = date.today()  # noqa: DTZ011


def made_id(region: str, born: str, serial: str = "001") -> str:
    """An ID number with the right last sign; no register office gave it."""
    first = region + born + serial
    return first + identifiers.resident_check(first)


def made_code(first: str) -> str:
    """A credit code with the right last sign."""
    return first + identifiers.credit_check(first)


def other_sign(number: str) -> str:
    """The same number with another last sign."""
    return number[:-1] + ("0" if number[-1] != "0" else "1")


def test_the_standard_s_own_example_of_an_id_number():
    # The example printed in GB 11643 itself.
    assert identifiers.resident_check("11010519491231002") == "X"


def test_a_published_credit_code_passes():
    # A company's code, as it stands in the public register of enterprises.
    identifiers.credit_code("91330100799655058B")


TRUE_IDS = [
    pytest.param(made_id("000000", "19900101"), id="an unknown region"),
    pytest.param(made_id("371625", "19900307"), id="a present code with an older birth"),
    pytest.param(made_id("372328", "20010307"), id="an abolished code with a younger birth"),
    pytest.param(made_id("810000", "19850615"), id="a residence permit of Hong Kong"),
    pytest.param(made_id("830000", "19850615"), id="a residence permit of Taiwan"),
    pytest.param(made_id("000000", "20000229"), id="a leap day"),
    pytest.param(made_id("000000", f"{TODAY - timedelta(days=2):%Y%m%d}"), id="born this week"),
]
FALSE_IDS = [
    pytest.param(made_id("000000", f"{TODAY.year + 1}0101"), id="not yet born"),
    pytest.param(made_id("000000", "20990101"), id="born in 2099"),
    pytest.param(made_id("000000", "18500101"), id="born in 1850"),
    pytest.param(made_id("000000", "20010229"), id="no such day"),
    pytest.param(made_id("000000", "19901301"), id="no such month"),
    pytest.param(other_sign(made_id("000000", "19900101")), id="a wrong last sign"),
    pytest.param("000000900101001", id="the fifteen digits of old"),
    pytest.param(made_id("000000", "19900101")[:-1], id="a digit short"),
    pytest.param(made_id("000000", "19900101") + "\n", id="a line end"),
    pytest.param("００００００19900101001X", id="full-width digits"),
    pytest.param("", id="nothing"),
]


@pytest.mark.parametrize("number", TRUE_IDS)
def test_a_true_id_number_passes(number):
    identifiers.resident_id(number)


@pytest.mark.parametrize("number", FALSE_IDS)
def test_a_false_id_number_is_refused(number):
    with pytest.raises(ValueError):  # noqa: PT011
        identifiers.resident_id(number)


@pytest.mark.parametrize("first", [
    pytest.param("91000000MA0000001", id="an enterprise"), pytest.param("31000000MD0000001", id="a law firm"),
    pytest.param("11000000000000001", id="an authority"), pytest.param("N2000000MF0000001", id="a village collective"),
    pytest.param("N1000000MF0000001", id="a group's collective"), pytest.param("N3000000MF0000001", id="a town's collective"),
    pytest.param("A1000000MF0000001", id="the armed forces"), pytest.param("Y1000000MF0000001", id="another body"),
])
def test_a_true_credit_code_passes_and_its_neighbour_does_not(first):
    identifiers.credit_code(made_code(first))
    with pytest.raises(ValueError):  # noqa: PT011
        identifiers.credit_code(other_sign(made_code(first)))


@pytest.mark.parametrize("value", [
    "91000000MI0000001X", "91000000mA00000015", "9100000AMA00000015", "Z1000000MA00000015", "91000000MA000001", "",
])
def test_a_code_of_the_wrong_form_is_refused(value):
    with pytest.raises(ValueError):  # noqa: PT011
        identifiers.credit_code(value)


def test_every_single_mistyped_sign_of_a_credit_code_is_found():
    true = made_code("31000000MD0000001")
    for place, sign in enumerate(true):
        for typed in set(identifiers.CREDIT_ALPHABET) - {sign}:
            with pytest.raises(ValueError):  # noqa: PT011
                identifiers.credit_code(true[:place] + typed + true[place + 1:])


def test_only_a_law_firm_s_code_is_a_law_firm_s():
    identifiers.law_firm_code(made_code("31000000MD0000001"))
    with pytest.raises(ValueError, match="31"):
        identifiers.law_firm_code(made_code("91000000MA0000001"))


@pytest.mark.parametrize(("check", "value", "passes"), [
    (identifiers.lawyer_certificate, "10000201011000001", True), (identifiers.lawyer_certificate, "100001234567", True),
    (identifiers.lawyer_certificate, "10000190011000001", False), (identifiers.lawyer_certificate, "1000020101100000", False),
    (identifiers.lawyer_certificate, f"10000{TODAY.year + 1}11000001", False),
    (identifiers.mobile, "19900000001", True), (identifiers.mobile, "16200000001", True),
    (identifiers.mobile, "12900000001", False), (identifiers.mobile, "1990000000", False), (identifiers.mobile, "+8619900000001", False),
    (identifiers.phone, "19900000001", True), (identifiers.phone, "0543-2300000", True), (identifiers.phone, "010-12345678", True),
    (identifiers.phone, "05432300000", True), (identifiers.phone, "0543-2300000-801", True), (identifiers.phone, "12348", True),
    (identifiers.phone, "400-000-0000", True), (identifiers.phone, "2300000", False), (identifiers.phone, "电话", False),
    (identifiers.division_code, "371625", True), (identifiers.division_code, "371625101", True),
    (identifiers.division_code, "371625101200", True), (identifiers.division_code, "371625U001", True),
    (identifiers.division_code, "3716251", False), (identifiers.division_code, "371625101U01", False),
    (identifiers.division_code, "371625\n", False),
])
def test_other_numbers(check, value, passes):
    if passes:
        check(value)
    else:
        with pytest.raises(ValueError):  # noqa: PT011
            check(value)

"""The course of a supervision item: the steps it may take, its number, its lamp."""
from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.areas.divisions.calendar import today
from app.areas.supervision.items import HazardKind, ItemSource, Light, SupervisionItem
from app.areas.supervision.states import AT_WORK, FINISHED, INSTRUCTOR, ItemState, workflow

TOWN = "371625101"
STRAIGHT = ("assign", "receive", "start", "submit", "close")


def made(session, **given) -> SupervisionItem:
    """An item of the town, saved."""
    facts = {
        "division_code": TOWN, "title": "测试事项", "category": HazardKind.fire, "source": ItemSource.inspection,
        "problem": "测试", "responsible_unit": "测试单位", "registered_on": today() - timedelta(days=9),
        "due_on": today() + timedelta(days=9),
    }
    item = SupervisionItem(**{**facts, **given})
    session.add(item)
    session.flush()
    return item


def test_the_straight_way_leads_from_filing_to_closing():
    state = ItemState.filed
    for name in STRAIGHT:
        step = workflow.find(name)
        assert state in step.source, name
        state = step.target
    assert state is ItemState.closed


@pytest.mark.parametrize(("state", "refused"), [
    (ItemState.filed, {"receive", "start", "submit", "close", "send_back"}), (ItemState.assigned, {"start", "submit", "close"}),
    (ItemState.received, {"assign", "submit", "close", "ask_extension"}), (ItemState.handling, {"assign", "close", "grant_extension"}),
    (ItemState.review, {"submit", "assign", "ask_extension"}), (ItemState.extension, {"submit", "close"}),
])
def test_steps_out_of_turn_are_not_offered(state, refused):
    offered = {step.name for step in workflow.offered(SupervisionItem(state=state))}
    assert offered
    assert not offered & refused


@pytest.mark.parametrize("state", FINISHED)
def test_a_finished_item_takes_no_step(state):
    assert workflow.offered(SupervisionItem(state=state)) == ()


def test_every_state_can_be_left_except_the_finished_and_reached_except_the_first():
    assert {state for step in workflow.transitions for state in step.source} == set(ItemState) - set(FINISHED)
    assert {step.target for step in workflow.transitions} >= set(ItemState) - {ItemState.filed}


def test_a_return_a_refusal_and_a_withdrawal_must_say_why():
    for name in ("send_back", "decline", "refuse_extension", "withdraw", "ask_extension"):
        assert workflow.find(name).needs_note, name


def test_who_handles_an_item_does_not_close_lengthen_or_withdraw_it():
    for name in ("assign", "close", "send_back", "grant_extension", "refuse_extension", "withdraw"):
        assert workflow.find(name).verb == INSTRUCTOR, name
    assert {workflow.find(name).verb for name in ("receive", "start", "submit")} == {"write"}


@pytest.mark.parametrize(("days", "state", "light"), [
    (-1, ItemState.handling, Light.overdue), (-1, ItemState.filed, Light.overdue), (0, ItemState.handling, Light.soon),
    (3, ItemState.assigned, Light.soon), (4, ItemState.assigned, Light.on_time), (-30, ItemState.closed, Light.done),
])
def test_the_lamp_is_computed_alike_in_python_and_in_the_database(db_session, days, state, light):
    closed_on = today() if state in FINISHED else None
    item = made(db_session, state=state, due_on=today() + timedelta(days=days), closed_on=closed_on,
                registered_on=today() - timedelta(days=40))
    query = select(SupervisionItem.light, SupervisionItem.overdue).where(SupervisionItem.id == item.id)
    assert item.light is light
    assert item.overdue is (light is Light.overdue)
    assert tuple(db_session.execute(query).one()) == (light.value, item.overdue)


def test_numbers_run_by_year_and_skip_one_given_by_hand(db_session):
    first = made(db_session)
    prefix, year, last = first.number.split("-")
    assert (prefix, year) == ("DC", str(first.registered_on.year))
    taken = made(db_session, number=f"DC-{year}-{int(last) + 1:04d}")
    assert made(db_session).number == f"DC-{year}-{int(last) + 2:04d}"
    assert taken.number == f"DC-{year}-{int(last) + 1:04d}"


def test_a_granted_extension_moves_the_due_date_once(db_session):
    item = made(db_session, state=ItemState.extension, asked_due_on=today() + timedelta(days=20))
    item.extended_on, item.state = today(), ItemState.handling
    db_session.flush()
    assert (item.due_on, item.asked_due_on) == (today() + timedelta(days=20), None)


def test_a_refused_extension_leaves_the_due_date(db_session):
    item = made(db_session, state=ItemState.extension, asked_due_on=today() + timedelta(days=20))
    item.state = ItemState.handling
    db_session.flush()
    assert item.due_on == today() + timedelta(days=9)


@pytest.mark.parametrize("given", [
    pytest.param({"due_on": today() - timedelta(days=10)}, id="due before it was filed"),
    pytest.param({"asked_due_on": today()}, id="an extension that shortens"),
    pytest.param({"state": ItemState.closed}, id="closed on no day"),
])
def test_the_database_refuses_dates_out_of_order(db_session, given):
    with pytest.raises(IntegrityError):
        made(db_session, **given)
    db_session.rollback()


def test_a_state_outside_the_list_is_refused(db_session):
    with pytest.raises(Exception, match="lost"):
        made(db_session, state="lost")
    db_session.rollback()


def test_work_and_end_together_are_all_states():
    assert {ItemState.filed, *AT_WORK, *FINISHED} == set(ItemState)

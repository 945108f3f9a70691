"""The course of a supervision item (督办流程): 立项 → 交办 → 签收 → 办理 → 待审核 → 销号, with return and extension."""
from __future__ import annotations

from flask_babel import lazy_gettext as _

from app.core.base import Choice
from app.core.workflow import Transition, Workflow


class ItemState(Choice):
    """Where an item stands. Being overdue is no state: it is computed from the due date."""

    filed = "filed", _("Filed"), "grey"
    assigned = "assigned", _("Assigned"), "amber"
    received = "received", _("Received"), "cyan"
    handling = "handling", _("Being handled"), "blue"
    extension = "extension", _("Extension asked"), "violet"
    review = "review", _("Waiting for review"), "violet"
    closed = "closed", _("Settled"), "green"
    withdrawn = "withdrawn", _("Withdrawn"), "grey"


FINISHED = (ItemState.closed, ItemState.withdrawn)
AT_WORK = (ItemState.assigned, ItemState.received, ItemState.handling, ItemState.extension, ItemState.review)

# Steps of the instructing side ask for the verb that strikes items from the register:
# whoever handles an item must not close it, lengthen it or withdraw it alone.
INSTRUCTOR = "delete"

workflow = Workflow(
    column="state", locked=FINISHED,
    course=(
        ItemState.filed, ItemState.assigned, ItemState.received, ItemState.handling, ItemState.review, ItemState.closed,
    ),
    transitions=(
        Transition(name="assign", label=_("Assign"), source=(ItemState.filed,), target=ItemState.assigned,
                   verb=INSTRUCTOR, requires=("responsible_unit", "due_on")),
        Transition(name="receive", label=_("Receive"), source=(ItemState.assigned,), target=ItemState.received,
                   requires=("responsible_person",), stamps="received_on"),
        Transition(name="decline", label=_("Not our duty"), source=(ItemState.assigned,), target=ItemState.filed,
                   needs_note=True, tone="warning"),
        Transition(name="start", label=_("Start handling"), source=(ItemState.received,), target=ItemState.handling),
        Transition(name="submit", label=_("Submit for review"), source=(ItemState.handling,), target=ItemState.review,
                   requires=("measures", "result")),
        Transition(name="ask_extension", label=_("Ask for extension"), source=(ItemState.handling,),
                   target=ItemState.extension, needs_note=True, tone="warning", requires=("asked_due_on",)),
        Transition(name="grant_extension", label=_("Grant extension"), source=(ItemState.extension,),
                   target=ItemState.handling, verb=INSTRUCTOR, stamps="extended_on"),
        Transition(name="refuse_extension", label=_("Refuse extension"), source=(ItemState.extension,),
                   target=ItemState.handling, verb=INSTRUCTOR, needs_note=True, tone="warning"),
        Transition(name="send_back", label=_("Send back"), source=(ItemState.review,), target=ItemState.handling,
                   verb=INSTRUCTOR, needs_note=True, tone="danger"),
        Transition(name="close", label=_("Settle"), source=(ItemState.review,), target=ItemState.closed,
                   verb=INSTRUCTOR, stamps="closed_on", tone="success"),
        Transition(name="withdraw", label=_("Withdraw"), source=(ItemState.filed, *AT_WORK), target=ItemState.withdrawn,
                   verb=INSTRUCTOR, needs_note=True, tone="secondary", stamps="closed_on"),
    ),
)

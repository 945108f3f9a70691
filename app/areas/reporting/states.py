"""The course of a half-month return (报送流程): 待报 → 已报 → 审核通过, or back to the unit (退回)."""
from __future__ import annotations

from flask_babel import lazy_gettext as _

from app.core.base import Choice
from app.core.workflow import Transition, Workflow


class ReturnState(Choice):
    """Where a return stands. Being late is no state: it is computed from the due day."""

    waiting = "waiting", _("Not yet sent"), "amber"
    submitted = "submitted", _("Sent"), "blue"
    returned = "returned", _("Sent back to the unit"), "red"
    approved = "approved", _("Approved"), "green"


OUTSTANDING = (ReturnState.waiting, ReturnState.returned)
"""The unit has something to do."""
ARRIVED = (ReturnState.submitted, ReturnState.approved)

# Whoever sends a return must not approve it: the reviewing side needs the verb that strikes rows from the register.
REVIEWER = "delete"

workflow = Workflow(
    column="state", locked=(ReturnState.approved,), course=(ReturnState.waiting, ReturnState.submitted, ReturnState.approved),
    transitions=(
        Transition(name="submit", label=_("Send the return"), source=OUTSTANDING, target=ReturnState.submitted, stamps="submitted_on"),
        Transition(name="urge", label=_("Urge the unit"), source=(ReturnState.waiting,), target=ReturnState.waiting, verb=REVIEWER,
                   stamps="urged_on", tone="warning"),
        Transition(name="send_back", label=_("Send back"), source=(ReturnState.submitted,), target=ReturnState.returned,
                   verb=REVIEWER, needs_note=True, tone="danger"),
        Transition(name="approve", label=_("Approve"), source=(ReturnState.submitted,), target=ReturnState.approved,
                   verb=REVIEWER, stamps="approved_on", tone="success"),
    ),
)

"""Who may give what to whom (授权规则)."""
from __future__ import annotations

from flask_babel import gettext as _
from flask_login import current_user

from app.database import db
from app.security import may
from app.security.duties import BUSINESS_DUTY, SECURITY_DUTY, role_duties, user_duties
from app.security.grant_requests import risky
from app.security.models import UserAccount
from app.security.user_form import BadGrant, Grants


def names_the_first() -> bool:
    """Whether there is no security administrator yet, so that the system administrator names the first."""
    return may("write", "users") and not any(SECURITY_DUTY in held for held in user_duties(db.session).values())


def may_grant(user: UserAccount) -> bool:
    """Security administrators give rights, never to themselves."""
    return user.id != current_user.id and (may("write", "roles") or names_the_first())


def may_reset(user: UserAccount) -> bool:
    """Administrators' passwords are reset on the server alone: else one administrator could become another."""
    duties = user_duties(db.session).get(user.id, set())
    return may("write", "users") and user.id != current_user.id and user.source != "system" and duties <= {BUSINESS_DUTY}


def check_apart(grants: Grants) -> None:
    """Two duties on one form are refused at once, also where one of them would wait for a second person."""
    duties = role_duties(db.session)
    if len(set().union(*(duties.get(role, set()) for role in grants.roles))) > 1:
        raise BadGrant(_("System administration, security administration, auditing and daily work must lie with different people. "
                         "Take one of the roles away."))


def part_that_waits(user: UserAccount, grants: Grants) -> Grants:
    """What another person must agree to; nothing while the first security administrator is being named."""
    return risky(db.session, user, grants) if may("write", "roles") else Grants()


def check_first(grants: Grants) -> None:
    """A system administrator may name the first security administrator and give nothing else."""
    if may("write", "roles"):
        return
    duties = role_duties(db.session)
    held = set().union(*(duties.get(role, set()) for role in grants.roles))
    if held != {SECURITY_DUTY} or grants.posts:
        raise BadGrant(_("You may only name the first security administrator here; every other right is given by them."))

"""What is done to accounts from their list (用户操作): the tree, several at once, the lock, and the list as a workbook."""
from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import xlsxwriter
from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import select

from app.database import db
from app.security import division_tree, lockout
from app.security.divisions_of import post_names
from app.security.local import is_local
from app.security.models import UserAccount
from app.security.sessions import end_others
from app.security.switching import BadSwitch, switch
from app.security.trail import record
from app.security.user_list import Asked, rows
from app.web.cells import ZONE, shown
from app.web.gate import needs
from app.web.page import Page

MOST, MOST_EXPORTED = 200, 10_000


class UserDeedsPage(Page):
    """Acts on accounts that lead back to the list or to the account."""

    route_base = "/users"
    permission = class_permission_name = "users"
    default_view = "tree"

    def _back(self) -> Any:
        target = request.form.get("back", "")
        return redirect(target if is_local(target) else url_for("UserPage.list"))

    @expose("/tree", methods=["GET"])
    @needs("read")
    def tree(self) -> Any:
        """The nodes under one, or those that fit the words; a piece of the page."""
        words, under = (request.args.get(name, "").replace("\x00", "").strip()[:50] for name in ("q", "under"))
        nodes = division_tree.fitting(words) if words else division_tree.branch(under)
        level = min(max(request.args.get("level", 1, int), 1), 9)
        return render_template("security/tree_level.html", nodes=nodes, level=level, flat=bool(words), asked=Asked.of(request.args))

    @expose("/batch", methods=["POST"])
    @needs("write")
    def batch(self) -> Any:
        """Close or open the ticked accounts, or end their sessions: all of them or none."""
        written, act = set(request.form.getlist("ids")), request.form.get("act")
        ids = {int(each) for each in written if each.isascii() and each.isdecimal() and len(each) < 10}
        users = list(db.session.scalars(select(UserAccount).where(UserAccount.id.in_(ids)).order_by(UserAccount.id)))
        if act not in ("close", "open", "end") or not ids or len(ids) > MOST or len(users) != len(written):
            abort(404)
        try:
            count = self._end(users) if act == "end" else switch(users, act == "open")
        except BadSwitch as refusal:
            words = str(refusal)
            db.session.rollback()
            flash(words, "danger")
            return self._back()
        db.session.commit()
        flash(_("Done for %(count)s accounts.", count=count), "success")
        return self._back()

    @staticmethod
    def _end(users: list[UserAccount]) -> int:
        for user in users:
            end_others(user.id)
            record("end_session", user.id)
        return len(users)

    @expose("/<int:pk>/unlock", methods=["POST"])
    @needs("write")
    def unlock(self, pk: int) -> Any:
        """Lift the lock that wrong passwords have brought about; the password stays."""
        user = db.session.get(UserAccount, pk) if 0 < pk < 2**31 else None
        if user is None:
            abort(404)
        lockout.note(db.session, lockout.account_key(user.username), "cleared")
        record("account", user.id, "unlocked")
        db.session.commit()
        flash(_("The lock is lifted."), "success")
        return redirect(url_for("UserPage.show", pk=pk))

    @expose("/export", methods=["POST"])
    @needs("write")
    def export(self) -> Any:
        """The accounts of the query as a workbook, without anything secret; the trail says who took it."""
        asked = Asked.of(request.form)
        found = rows(asked, MOST_EXPORTED)
        posts = post_names(each["user"].id for each in found)
        heads = (_("No."), _("Full name"), _("User name"), _("Role"), _("Works for"), _("Status"), _("Second factor"), _("Last sign-in"))
        lines = [(str(u.id), u.full_name, u.username, "、".join(r.name for r in u.roles), "、".join(posts.get(u.id, [])),
                  "、".join(str(label) for label, _tone in each["states"]), _("Yes") if each["factor"] else _("No"),
                  shown(u.signed_in_at, "time") or "") for each in found for u in (each["user"],)]
        record("export", 0, f"{len(lines)} accounts; {asked.address}")
        db.session.commit()
        name = f"{_('Users')}-{datetime.now(ZONE):%Y%m%d}.xlsx"
        return send_file(_book(heads, lines), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_attachment=True,
                         download_name=name)


def _book(heads: tuple[str, ...], lines: list[tuple[str, ...]]) -> io.BytesIO:
    """A workbook whose every cell is text: none is ever a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_("Users"))
    for number, line in enumerate((heads, *lines)):
        for place, words in enumerate(line):
            sheet.write_string(number, place, words)
    sheet.set_column(0, len(heads) - 1, 18)
    sheet.freeze_panes(1, 0)
    book.close()
    out.seek(0)
    return out


pages = (UserDeedsPage,)

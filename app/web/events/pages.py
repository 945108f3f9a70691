"""The pages of subscriptions (事件推送): who is told of changes, what was sent, and sending it again."""
from __future__ import annotations

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from app.core.register import registers
from app.database import db
from app.security import may
from app.security.divisions_of import matching, names
from app.security.proving import fresh
from app.web.cells import shown
from app.web.events.hook_form import ACTIONS, HookWish
from app.web.events.models import KEPT_DAYS, Delivery, DeliveryState, Webhook
from app.web.events.outbox import send_again
from app.web.gate import needs
from app.web.lists import whole
from app.web.page import Page

SIZE = 50


class WebhookPage(Page):
    """Subscriptions and their log, for administrators."""

    route_base = "/webhooks"
    default_view = "list"
    permission = class_permission_name = "webhooks"
    menu_label = _("Event subscriptions")
    menu_icon = "bell"

    def _found(self, pk: int) -> Webhook:
        found = db.session.get(Webhook, pk) if 0 < pk < 2**31 else None
        return found if found is not None else abort(404)

    @expose("/", methods=["GET"])
    @needs("read")
    def list(self) -> Any:
        """All of them, with how many deliveries wait or failed."""
        state = Delivery.__table__.c.state
        counts = {hook: (waiting, failed) for hook, waiting, failed in db.session.execute(select(
            Delivery.webhook_id, func.count().filter(state == "waiting"), func.count().filter(state == "failed")).group_by(Delivery.webhook_id))}
        hooks = db.session.scalars(select(Webhook).order_by(Webhook.id)).all()
        page = {"hooks": [(hook, *counts.get(hook.id, (0, 0))) for hook in hooks], "may_write": may("write", "webhooks"),
                "closed": not current_app.config["WEBHOOK_TARGETS"]}
        return render_template("events/list.html", page=page, crumbs=[(_("System"), None), (self.menu_label, None)])

    def _form(self, hook: Webhook | None, wish: HookWish, faults: dict[str, str] | None = None, secret: str = "") -> Any:
        page = {"hook": hook, "wish": wish, "faults": faults or {}, "secret": secret, "registers": registers(), "actions": ACTIONS,
                "known": names([wish.within]) if wish.within else {}, "may_write": may("write", "webhooks"),
                "targets": str(current_app.config["WEBHOOK_TARGETS"]).split(), **(self._log(hook) if hook is not None else {})}
        title = hook.name if hook is not None else gettext("New subscription")
        crumbs = [(_("System"), None), (self.menu_label, url_for("WebhookPage.list")), (title, None)]
        return render_template("events/form.html", page=page, title=title, shown=shown, crumbs=crumbs), 422 if faults else 200

    def _log(self, hook: Webhook) -> dict[str, Any]:
        state, number = request.args.get("state", ""), whole(request.args.get("page"), 1, 10_000)
        query = select(Delivery).where(Delivery.webhook_id == hook.id)
        query = query.where(Delivery.state == DeliveryState(state)) if state in list(DeliveryState) else query
        rows = db.session.scalars(query.order_by(Delivery.id.desc()).limit(SIZE + 1).offset((number - 1) * SIZE)).all()
        return {"log": rows[:SIZE], "more": len(rows) > SIZE, "number": number, "state": state, "states": [each for each in DeliveryState],  # noqa: C416
                "kept": KEPT_DAYS, "labels": {register.name: register.label for register in registers()}}

    @expose("/divisions", methods=["GET"])
    @needs("read")
    def divisions(self) -> Any:
        """Typeahead over the whole tree; names of divisions are public."""
        words = request.args.get("q", "").replace("\x00", "").strip()[:50]
        return {"results": [{"id": code, "text": name} for code, name in matching(words)]}

    @expose("/add", methods=["GET", "POST"])
    @needs("write")
    @fresh
    def add(self) -> Any:
        """A new subscription; the key of its signatures is shown once."""
        if request.method == "GET":
            return self._form(None, HookWish())
        wish = HookWish.from_form(request.form)
        if faults := wish.faults():
            return self._form(None, wish, faults)
        hook = Webhook()
        wish.put_on(hook)
        secret = hook.renew_secret()
        db.session.add(hook)
        db.session.commit()
        return self._form(hook, wish, secret=secret)

    @expose("/<int:pk>", methods=["GET", "POST"])
    @needs("read")
    def show(self, pk: int) -> Any:
        """One subscription with its log; changing it needs the right to write."""
        hook = self._found(pk)
        if request.method == "GET":
            return self._form(hook, HookWish.of(hook))
        self.need("write")
        wish = HookWish.from_form(request.form)
        if faults := wish.faults():
            return self._form(hook, wish, faults)
        wish.put_on(hook)
        db.session.commit()
        flash(gettext("Saved."), "success")
        return redirect(url_for("WebhookPage.show", pk=pk))

    @expose("/<int:pk>/secret", methods=["POST"])
    @needs("write")
    @fresh
    def secret(self, pk: int) -> Any:
        """A new key; the former one signs nothing any more."""
        hook = self._found(pk)
        secret = hook.renew_secret()
        db.session.commit()
        return self._form(hook, HookWish.of(hook), secret=secret)

    @expose("/<int:pk>/ping", methods=["POST"])
    @needs("write")
    def ping(self, pk: int) -> Any:
        """Send a trial, to see whether the address answers."""
        db.session.add(Delivery(webhook_id=self._found(pk).id, action="ping"))
        db.session.commit()
        flash(gettext("The trial is queued; the log shows within half a minute how it went."), "success")
        return redirect(url_for("WebhookPage.show", pk=pk) + "#log")

    @expose("/<int:pk>/again/<int:number>", methods=["POST"])
    @needs("write")
    def again(self, pk: int, number: int) -> Any:
        """Send a delivery once more."""
        found = db.session.get(Delivery, number) if number < 2**31 else None
        if found is None or found.webhook_id != pk:
            abort(404)
        send_again(found)
        db.session.commit()
        flash(gettext("It is queued again."), "success")
        return redirect(url_for("WebhookPage.show", pk=pk) + "#log")

    @expose("/<int:pk>/remove", methods=["POST"])
    @needs("write")
    def remove(self, pk: int) -> Any:
        """Take a subscription away, with its log."""
        db.session.delete(self._found(pk))
        db.session.commit()
        flash(gettext("Deleted."), "success")
        return redirect(url_for("WebhookPage.list"))


pages = (WebhookPage,)

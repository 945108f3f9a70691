"""The work calendar's page (工作日历): a year at a glance, days changed by a click, a notice pasted as lines."""
from __future__ import annotations

import calendar
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select

from app.core.base import now
from app.database import db
from app.jobs.calendar import DayKind, WorkDay
from app.jobs.notice import Mistake, put, read
from app.jobs.schedules import SHANGHAI
from app.security import may
from app.web.gate import needs
from app.web.page import Page

FIRST, LAST = 2000, 2100


class CalendarPage(Page):
    """Days of rest and of work, as the State Council's yearly notice names them."""

    route_base = "/calendar"
    default_view = "year"
    permission = class_permission_name = "schedules"
    menu_label = _("Work calendar")
    menu_icon = "calendar"

    @expose("/", methods=["GET"])
    @needs("read")
    def year(self) -> Any:
        """One year: twelve months with the days that the notice names."""
        text = request.args.get("year", "")
        return self._page(self._year(text or str(now().astimezone(SHANGHAI).year)), "", [])

    def _year(self, text: str) -> int:
        if not (text.isdecimal() and len(text) == 4 and FIRST <= int(text) <= LAST):
            abort(400)
        return int(text)

    def _page(self, year: int, typed: str, mistakes: list[Mistake]) -> Any:
        rows = db.session.scalars(select(WorkDay).where(WorkDay.day.between(date(year, 1, 1), date(year, 12, 31))).order_by(WorkDay.day))
        named = {row.day: row for row in rows}
        page = {
            "year": year, "named": named, "months": [_month(year, month, named) for month in range(1, 13)], "typed": typed, "mistakes": mistakes,
            "before": year - 1 if year > FIRST else None, "after": year + 1 if year < LAST else None, "may_write": may("write", self.permission),
            "action_url": url_for("CalendarPage.enter", year=year), "toggle_url": url_for("CalendarPage.toggle"),
        }
        return render_template("jobs/calendar.html", page=page, crumbs=[(self.menu_label, None)]), 422 if mistakes else 200

    @expose("/<int:year>", methods=["POST"])
    @needs("write")
    def enter(self, year: int) -> Any:
        """Enter the lines of a notice, all or none."""
        year, typed = self._year(str(year)), request.form.get("notice", "")[:20_000]
        days, mistakes = read(typed)
        if mistakes or not days:
            return self._page(year, typed, mistakes or [Mistake(1, "", gettext("Write at least one day."))])
        put(db.session, days)
        db.session.commit()
        flash(gettext("%(count)s days are entered.", count=len(days)), "success")
        return redirect(url_for("CalendarPage.year", year=days[0].day.year))

    @expose("/toggle", methods=["POST"])
    @needs("write")
    def toggle(self) -> Any:
        """Make a day the opposite of its weekday, or let it follow its weekday again."""
        try:
            day = date.fromisoformat(request.form.get("day", ""))
        except ValueError:
            abort(400)
        self._year(f"{day.year:04d}")
        if not db.session.execute(delete(WorkDay).where(WorkDay.day == day)).rowcount:
            db.session.add(WorkDay(day=day, kind=DayKind.rest if day.weekday() < 5 else DayKind.work))
        db.session.commit()
        return redirect(url_for("CalendarPage.year", year=day.year, _anchor=f"d{day}"))


def _month(year: int, month: int, named: dict[date, WorkDay]) -> dict[str, Any]:
    weeks = [[_day(day, named) if day.month == month else None for day in week]
             for week in calendar.Calendar().monthdatescalendar(year, month)]
    return {"number": month, "weeks": weeks}


def _day(day: date, named: dict[date, WorkDay]) -> dict[str, Any]:
    row = named.get(day)
    kind = row.kind if row else DayKind.work if day.weekday() < 5 else DayKind.rest
    return {"day": day, "rest": kind is DayKind.rest, "named": row is not None, "note": (row.note or "") if row else "", "label": kind.label}


pages = (CalendarPage,)

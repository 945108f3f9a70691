"""The console's page for dictionaries (字典): the county's own to change, the shipped ones to see."""
from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.core.register import find
from app.database import db
from app.security import may
from app.web.custom import dictionaries
from app.web.custom.models import CustomField, Dictionary, DictionaryEntry
from app.web.custom.naming import machine_name
from app.web.custom.never import Refused, refuse
from app.web.gate import needs
from app.web.page import Page

CODE = re.compile(r"[0-9A-Za-z_.-]{1,40}")


class Wrong(ValueError):
    """What was typed cannot be kept; the words say why."""


class DictionaryPage(Page):
    """Dictionaries: list, values, merging."""

    route_base = "/dictionaries"
    default_view = "list"
    permission = class_permission_name = "fields"
    menu_label = _("Dictionaries")
    menu_icon = "bookmark"

    def _found(self, pk: int) -> Dictionary:
        found = db.session.get(Dictionary, pk) if pk < 2**63 else None
        return found if found is not None else abort(404)

    def _own(self, pk: int) -> Dictionary:
        found = self._found(pk)
        return abort(403) if found.shipped else found

    def _entry(self, dictionary: Dictionary, pk: int) -> DictionaryEntry:
        entry = db.session.get(DictionaryEntry, pk) if pk < 2**63 else None
        return entry if entry is not None and entry.dictionary_id == dictionary.id else abort(404)

    @expose("/", methods=["GET"])
    @needs("read")
    def list(self) -> Any:
        """Every dictionary, the county's own first."""
        return self._list({}, 200)

    def _list(self, given: dict[str, str], code: int) -> Any:
        values = dict(db.session.execute(select(DictionaryEntry.dictionary_id, func.count()).group_by(DictionaryEntry.dictionary_id)).tuples().all())
        fields = dict(db.session.execute(select(CustomField.dictionary_id, func.count()).group_by(CustomField.dictionary_id)).tuples().all())
        rows = db.session.scalars(select(Dictionary).order_by(Dictionary.shipped, Dictionary.id)).all()
        return render_template("custom/dictionaries.html", rows=rows, values=values, fields=fields, given=given, may_write=may("write", "fields"),
                               crumbs=[(gettext("System"), None), (self.menu_label, None)]), code

    @expose("/add", methods=["POST"])
    @needs("write")
    def add(self) -> Any:
        """A new dictionary, without values yet."""
        try:
            label = checked_label(request.form.get("label", ""), sensitive=False)
        except Wrong as wrong:
            return self._list({"label": request.form.get("label", "")[:60], "fault": str(wrong)}, 422)
        taken = set(db.session.scalars(select(Dictionary.name)))
        dictionary = Dictionary(name=machine_name(label, taken, "d"), label=label)
        db.session.add(dictionary)
        db.session.commit()
        return redirect(url_for("DictionaryPage.show", pk=dictionary.id))

    @expose("/<int:pk>", methods=["GET"])
    @needs("read")
    def show(self, pk: int) -> Any:
        """The values of one dictionary, with how often each is used."""
        return self._show(self._found(pk), {}, 200)

    def _show(self, dictionary: Dictionary, given: dict[str, str], code: int) -> Any:
        entries = db.session.scalars(select(DictionaryEntry).where(DictionaryEntry.dictionary_id == dictionary.id).order_by(
            DictionaryEntry.position, DictionaryEntry.id)).all()
        labels = {entry.code: entry.label for entry in entries}
        fields = [(find(field.register).label, field) for field in dictionaries.fields_of(dictionary)]
        return render_template(
            "custom/dictionary.html", dictionary=dictionary, entries=entries, labels=labels, fields=fields, counts=dictionaries.counts(dictionary),
            given=given, suggested=dictionaries.next_code(dictionary), may_write=may("write", "fields") and not dictionary.shipped,
            crumbs=[(gettext("System"), None), (self.menu_label, url_for("DictionaryPage.list")), (dictionary.label, None)]), code

    @expose("/<int:pk>/rename", methods=["POST"])
    @needs("write")
    def rename(self, pk: int) -> Any:
        """Another name for people."""
        dictionary = self._own(pk)
        try:
            dictionary.label = checked_label(request.form.get("label", ""), sensitive=self._sensitive(dictionary))
        except Wrong as wrong:
            return self._show(dictionary, {"fault": str(wrong)}, 422)
        return self._done(dictionary, gettext("Saved."))

    @expose("/<int:pk>/delete", methods=["POST"])
    @needs("write")
    def delete(self, pk: int) -> Any:
        """Take a dictionary away that no field uses."""
        dictionary = self._own(pk)
        if dictionaries.fields_of(dictionary):
            flash(gettext("Fields use this dictionary, also retired ones; it stays."), "danger")
            return redirect(url_for("DictionaryPage.show", pk=pk))
        db.session.delete(dictionary)
        db.session.commit()
        flash(gettext("Deleted."), "success")
        return redirect(url_for("DictionaryPage.list"))

    @expose("/<int:pk>/values", methods=["POST"])
    @needs("write")
    def add_entry(self, pk: int) -> Any:
        """A new value."""
        dictionary = self._own(pk)
        code = request.form.get("code", "").strip() or dictionaries.next_code(dictionary)
        entry = DictionaryEntry(dictionary_id=dictionary.id, code=code)
        if not CODE.fullmatch(code):
            return self._show(dictionary, {**request.form, "fault": gettext("A code has letters, figures and - _ . alone, at most 40.")}, 422)
        last = select(func.max(DictionaryEntry.position)).where(DictionaryEntry.dictionary_id == dictionary.id)
        entry.position = min((db.session.scalar(last) or 0) + 1, 9999)
        return self._keep(dictionary, entry)

    @expose("/<int:pk>/values/<int:entry>", methods=["POST"])
    @needs("write")
    def change_entry(self, pk: int, entry: int) -> Any:
        """Other words, place or days for a value; its code stays."""
        dictionary = self._own(pk)
        return self._keep(dictionary, self._entry(dictionary, entry))

    def _keep(self, dictionary: Dictionary, entry: DictionaryEntry) -> Any:
        with db.session.no_autoflush:
            try:
                _put_on(entry, self._sensitive(dictionary))
                db.session.add(entry)
                db.session.flush()
            except (Wrong, IntegrityError) as error:
                db.session.rollback()
                words = str(error) if isinstance(error, Wrong) else gettext("This dictionary already has this code.")
                return self._show(self._found(dictionary.id), {**request.form, "fault": words}, 422)
        return self._done(dictionary, gettext("Saved."))

    def _sensitive(self, dictionary: Dictionary) -> bool:
        return any(find(field.register).sensitive for field in dictionaries.fields_of(dictionary))

    @expose("/<int:pk>/values/<int:entry>/delete", methods=["POST"])
    @needs("write")
    def delete_entry(self, pk: int, entry: int) -> Any:
        """Take a value away from a dictionary that no field uses yet."""
        dictionary = self._own(pk)
        found = self._entry(dictionary, entry)
        if dictionaries.fields_of(dictionary):
            flash(gettext("Fields use this dictionary. Set the last day of the value, or merge it into another."), "danger")
            return redirect(url_for("DictionaryPage.show", pk=pk))
        db.session.delete(found)
        return self._done(dictionary, gettext("Deleted."))

    @expose("/<int:pk>/values/<int:entry>/merge", methods=["POST"])
    @needs("write")
    def merge(self, pk: int, entry: int) -> Any:
        """Let all records that hold this value hold another."""
        dictionary = self._own(pk)
        found, target = self._entry(dictionary, entry), request.form.get("into", "")
        into = self._entry(dictionary, int(target) if target.isascii() and target.isdecimal() and len(target) < 19 else 0)
        if into.id == found.id or into.merged_into or found.merged_into:
            flash(gettext("Choose another value, one that is not merged itself."), "danger")
            return redirect(url_for("DictionaryPage.show", pk=pk))
        times = dictionaries.merge(found, into)
        return self._done(dictionary, gettext("%(count)s records were rewritten; each has it in its history.", count=times))

    @expose("/<int:pk>/values/<int:entry>/unmerge", methods=["POST"])
    @needs("write")
    def unmerge(self, pk: int, entry: int) -> Any:
        """Take a merge back."""
        dictionary = self._own(pk)
        found = self._entry(dictionary, entry)
        if not found.merged_into:
            abort(404)
        times = dictionaries.unmerge(found)
        return self._done(dictionary, gettext("The merge was taken back in %(count)s records.", count=times))

    def _done(self, dictionary: Dictionary, said: str) -> Any:
        db.session.commit()
        flash(said, "success")
        return redirect(url_for("DictionaryPage.show", pk=dictionary.id))


def checked_label(text: str, *, sensitive: bool) -> str:
    """Words of a dictionary or a value, checked; Wrong if they cannot stand."""
    words = " ".join(text.replace("\x00", "").split())
    if not 1 <= len(words) <= 60:
        raise Wrong(gettext("Write 1 to 60 characters."))
    try:
        refuse(words, sensitive=sensitive)
    except Refused as refusal:
        raise Wrong(str(refusal)) from refusal
    return words


def _put_on(entry: DictionaryEntry, sensitive: bool) -> None:
    form = request.form
    entry.label = checked_label(form.get("label", ""), sensitive=sensitive)
    place = form.get("position", "").strip() or str(entry.position)
    if not (place.isascii() and place.isdecimal() and len(place) < 5):
        raise Wrong(gettext("Write a whole number."))
    entry.position = int(place)
    entry.valid_from, entry.valid_to = _day(form.get("valid_from", "")), _day(form.get("valid_to", ""))
    if entry.valid_from and entry.valid_to and entry.valid_from > entry.valid_to:
        raise Wrong(gettext("The last day lies before the first."))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as error:
        raise Wrong(gettext("Write the date as 2026-01-31.")) from error


pages = (DictionaryPage,)

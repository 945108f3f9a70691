"""One thing of a set-up file into the database (配置写入), under the checks of its own page; a refusal is a Conflict in words."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from flask_appbuilder.security.sqla.models import Role
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from app.core.own import KINDS
from app.core.register import Register
from app.database import db
from app.security.duties import MixedDuties
from app.security.permissions import subjects
from app.security.role_page import held_by, put_on
from app.security.saved_views import ALL, LONGEST_NAME, LONGEST_QUERY, ROLE, SavedView
from app.security.trail import record
from app.web.custom import layouts
from app.web.custom.definitions import base_shape, extensible, reread
from app.web.custom.dictionary_page import CODE, Wrong, checked_label
from app.web.custom.field_form import FieldForm, in_use
from app.web.custom.models import CustomField, Dictionary, DictionaryEntry
from app.web.lists import query_for

NEW, CHANGED, SAME = "new", "changed", "same"
WORDS = ("help", "heading", "unit")


class Conflict(Exception):
    """One thing of the file cannot be put in; the words say why."""


def named(thing: Any) -> str:
    """How a thing of the file is called in the report."""
    if not isinstance(thing, dict):
        return "?"
    return " · ".join(str(thing[key])[:60] for key in ("register", "name", "label") if thing.get(key)) or "?"


def _register(name: Any) -> Register:
    found = next((register for register in extensible() if register.name == name), None)
    if found is None:
        raise Conflict(gettext("There is no register “%(name)s”.", name=str(name)[:40]))
    return found


def _act(row: Any, new: bool) -> str:
    db.session.add(row)
    changed = new or db.session.is_modified(row)
    db.session.flush()
    return NEW if new else CHANGED if changed else SAME


def entry_now(entry: DictionaryEntry) -> dict[str, Any]:
    """A value as the file says it."""
    made = {"code": entry.code, "label": entry.label, "position": entry.position, "valid_from": entry.valid_from, "valid_to": entry.valid_to,
            "merged_into": entry.merged_into}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in made.items() if value is not None}


def dictionary(said: Any) -> str:
    """A dictionary with its values; values that the file does not name stay."""
    name, label = str(said["name"]), _words(said["label"])
    if not name.startswith("d_") or not CODE.fullmatch(name):
        raise Conflict(gettext("A dictionary's machine name begins with d_."))
    found = db.session.scalar(select(Dictionary).where(Dictionary.name == name))
    row, new = found or Dictionary(name=name), found is None
    row.label = label
    acts = {_act(row, new)}
    known = {each.code: each for each in db.session.scalars(select(DictionaryEntry).where(DictionaryEntry.dictionary_id == row.id))}
    for each in said.get("entries", []):
        acts.add(_entry(row, known, each))
    return NEW if new else CHANGED if acts - {SAME} else SAME


def _entry(owner: Dictionary, known: dict[str, DictionaryEntry], said: Any) -> str:
    code = str(said["code"])
    if not CODE.fullmatch(code):
        raise Conflict(gettext("A code has letters, figures and - _ . alone, at most 40."))
    new = code not in known
    row = known.setdefault(code, DictionaryEntry(dictionary_id=owner.id, code=code))
    if row.merged_into and not said.get("merged_into"):
        raise Conflict(gettext("The value “%(code)s” is merged here and not in the file.", code=code))
    row.label, row.position = _words(said["label"]), int(said.get("position", 0))
    row.valid_from, row.valid_to = (date.fromisoformat(said[key]) if said.get(key) else None for key in ("valid_from", "valid_to"))
    if new:
        row.merged_into = str(said["merged_into"])[:40] if said.get("merged_into") else None
    return _act(row, new)


def _words(text: Any) -> str:
    try:
        return checked_label(str(text), sensitive=False)
    except Wrong as wrong:
        raise Conflict(str(wrong)) from wrong


def field_now(field: CustomField, dictionary_name: str) -> dict[str, Any]:
    """A field as the file says it."""
    names = ("register", "name", "label", "kind", *WORDS, "position", "length", "required", "filtered", "shown_when", "see_roles", "edit_roles")
    made = {name: getattr(field, name) for name in names} | {"dictionary": dictionary_name}
    return {name: value for name, value in made.items() if value not in ("", None, [], False) or name == "required"}


def field(said: Any) -> str:
    """A field of the county's own, under every rule of its page."""
    register, name = _register(said["register"]), str(said["name"])
    if not name.startswith("x_") or not name.isidentifier() or not name.isascii() or name != name.lower() or len(name) > 40:
        raise Conflict(gettext("A field's machine name begins with x_ and has small letters, figures and underlines."))
    found = db.session.scalar(select(CustomField).where(CustomField.register == register.name, CustomField.name == name))
    if said["kind"] not in KINDS:
        raise Conflict(gettext("There is no kind “%(kind)s”.", kind=str(said["kind"])[:20]))
    if found is not None and found.kind != said["kind"] and in_use(register, name):
        raise Conflict(gettext("Records hold values of this field as “%(kind)s”; its kind is fixed.", kind=str(KINDS[found.kind].label)))
    _refuse_unknown(role for key in ("see_roles", "edit_roles") for role in said.get(key, []))
    row, new = found or CustomField(register=register.name, name=name, row_version=1), found is None
    reread()
    form = FieldForm(formdata=_form(said, row, new), meta={"csrf": False}).prepare(register, found)
    if not form.validate():
        raise Conflict("；".join(f"{form[key].label.text}：{errors[0]}" for key, errors in form.errors.items() if key))
    form.put_on(row)
    row.retired_at = None
    return _act(row, new)


def _form(said: Any, row: CustomField, new: bool) -> MultiDict[str, Any]:
    number = 0
    if wanted := said.get("dictionary"):
        number = db.session.scalar(select(Dictionary.id).where(Dictionary.name == str(wanted))) or 0
        if not number:
            raise Conflict(gettext("There is no dictionary “%(name)s”.", name=str(wanted)[:60]))
    made: MultiDict[str, Any] = MultiDict({"label": said["label"], "kind": said["kind"], "dictionary_id": str(number)})
    made.update({name: str(said.get(name, "")) for name in (*WORDS, "position", "length") if said.get(name) not in (None, "")})
    made.update({name: "y" for name in ("required", "filtered") if said.get(name)})
    when = said.get("shown_when") or {"values": []}
    for name, values in (("see_roles", said.get("see_roles", [])), ("edit_roles", said.get("edit_roles", [])),
                         ("asked_when", [f"{when['field']}={value}" for value in when["values"]])):
        made.setlist(name, [str(value) for value in values])
    made["row_version"] = "" if new else str(row.row_version)
    return made


def layout(said: Any) -> str:
    """The layout of a register as a new version, unless it is the present one."""
    register, wanted = _register(said["register"]), said["said"]
    reread()
    faults = layouts.faults(register, wanted, set(base_shape(register).columns))
    if faults:
        raise Conflict("；".join(faults))
    _refuse_unknown(role for role in wanted.get("lists", {}) if role)
    past = layouts.versions(register, 1)
    if past and past[0].said == wanted:
        return SAME
    layouts.put(register, wanted, gettext("From a set-up file"))
    db.session.flush()
    return CHANGED if past else NEW


def _refuse_unknown(roles: Iterable[Any]) -> None:
    if lacking := sorted({str(role) for role in roles} - set(_roles())):
        raise Conflict(gettext("There is no role “%(name)s”.", name=lacking[0][:40]))


def _roles() -> dict[str, Role]:
    return {role.name: role for role in db.session.scalars(select(Role))}


def view(said: Any) -> str:
    """A query that all or a role share; it becomes this person's own to change."""
    register, name, reach, query = _register(said["register"]), str(said["name"])[:LONGEST_NAME], said["reach"], str(said["query"])
    role = _roles().get(str(said.get("role"))) if reach == ROLE else None
    if reach not in (ALL, ROLE) or (reach == ROLE and role is None):
        raise Conflict(gettext("There is no role “%(name)s”.", name=str(said.get("role"))[:40]))
    reread()
    try:
        query_for(register, dict(parse_qsl(query[:LONGEST_QUERY])))
    except BadRequest as wrong:
        raise Conflict(str(wrong.description)) from wrong
    shared = db.session.execute(select(func.pingan_shared_views().table_valued("register", "name", "query", "reach", "role"))).all()
    if (register.name, name, query, reach, role.name if role else None) in {tuple(each) for each in shared}:
        return SAME
    mine = select(SavedView).where(SavedView.owner_id == current_user.id, SavedView.register == register.name, SavedView.name == name)
    found = db.session.scalar(mine)
    if found is None and (register.name, name) in {(each[0], each[1]) for each in shared}:
        raise Conflict(gettext("Somebody else shares another query of this name."))
    row = found or SavedView(owner_id=current_user.id, register=register.name, name=name)
    row.query, row.reach, row.role_id = query, reach, role.id if role else None
    return _act(row, found is None)


def roles_now() -> Iterator[dict[str, Any]]:
    """Every role with what it gives."""
    for name, role in sorted(_roles().items()):
        yield {"name": name, "rights": sorted([list(pair) for pair in held_by(role.id) if pair[1] in {s.name for s in subjects()}])}


def role(said: Any) -> str:
    """A role with exactly these rights, under the separation of duties."""
    name, wanted = " ".join(str(said["name"]).split()), {(str(verb), str(subject)) for verb, subject in said["rights"]}
    known = {(f"can_{verb}", subject.name) for subject in subjects() for verb in subject.verbs}
    if unknown := sorted(wanted - known):
        raise Conflict(gettext("There is no right “%(name)s”.", name=" ".join(unknown[0])[:80]))
    if not 2 <= len(name) <= 64:
        raise Conflict(gettext("Give the role a name of 2 to 64 characters that no other role has."))
    found = _roles().get(name)
    row = found or Role(name=name)
    db.session.add(row)
    db.session.flush()
    before = held_by(row.id) & known
    if before == wanted and found is not None:
        return SAME
    if row in current_user.roles:
        raise Conflict(gettext("Nobody changes their own roles; ask another security administrator."))
    try:
        put_on(row, wanted)
    except MixedDuties as mixed:
        raise Conflict(str(mixed)) from mixed
    gone = "; ".join([*(f"+{v} {n}" for v, n in sorted(wanted - before)), *(f"-{v} {n}" for v, n in sorted(before - wanted))])
    record("role", row.id, f"{name}: {gone}", table="ab_role")
    return NEW if found is None else CHANGED

"""Personal settings (个人设置): kept on the server, for oneself alone, and obeyed by lists, shell and language."""
from __future__ import annotations

import re

import pytest
from sqlalchemy import select, update

from app.audit import AuditEntry
from app.core.register import find
from app.security.models import UserAccount
from app.web.history import MOST
from tests.conftest import COUNTY, PASSWORD
from tests.web.test_attachments import MINE, _loose

LIST = "/supervision_items/list/"
USUAL = {"density": "", "page_size": "20", "language": "", "shows_tabs": "1"}


@pytest.fixture
def reader(make_user):
    """Somebody who changes settings, and has the usual ones again afterwards."""
    made = make_user("领导", COUNTY)
    yield made
    made.send("/account/settings", **USUAL)


def _rows(answer):
    return len(re.findall("<tr data-row", answer.get_data(as_text=True)))


def test_page_size_row_height_and_tabs_hold_on_every_page_and_computer(reader, make_user):
    assert 'id="recent"' in reader.get(LIST).get_data(as_text=True)
    saved = reader.send("/account/settings", density="dense", page_size="50", language="")
    assert saved.status_code == 302
    for browser in (reader, make_user("领导", COUNTY)):
        answer = browser.get(LIST)
        page = answer.get_data(as_text=True)
        assert _rows(answer) == 50
        assert '<section class="card-panel listing dense"' in page
        assert 'id="recent"' not in page
    assert _rows(reader.get(f"{LIST}?size=20")) == 20, "an address that says a size keeps it"


def test_a_list_of_ones_own_height_keeps_it(reader):
    reader.send("/account/settings", **USUAL | {"density": "dense"})
    reader.send("/views/supervision_items/layout", density="", columns=list(find("supervision_items").listed))
    assert '<section class="card-panel listing "' in reader.get(LIST).get_data(as_text=True)
    assert '<section class="card-panel listing dense"' in reader.get("/legal_contracts/list/").get_data(as_text=True)
    reader.send("/views/supervision_items/layout", density="dense", columns=list(find("supervision_items").listed))


def test_the_language_comes_with_every_sign_in(reader, app, accounts):
    reader.send("/account/settings", **USUAL | {"language": "en"})
    assert "Personal settings" in reader.get("/account/settings").get_data(as_text=True)
    browser = app.test_client()
    browser.sign_in(accounts("领导", COUNTY), PASSWORD)
    assert 'lang="en"' in browser.get(LIST).get_data(as_text=True)


@pytest.mark.parametrize("wrong", [{"density": "x"}, {"page_size": "7"}, {"page_size": ""}, {"language": "fr"}])
def test_what_the_page_does_not_offer_is_refused(wrong, reader, db_session):
    assert reader.send("/account/settings", **USUAL | wrong).status_code == 400


def test_nobody_else_is_touched_and_strangers_sign_in_first(reader, client, db_session):
    before = dict(db_session.execute(select(UserAccount.id, UserAccount.page_size)).tuples().all())
    reader.send("/account/settings", **USUAL | {"page_size": "100"})
    db_session.rollback()
    after = dict(db_session.execute(select(UserAccount.id, UserAccount.page_size)).tuples().all())
    assert len([pk for pk, size in after.items() if before[pk] != size]) == 1
    assert client.get("/account/settings").status_code == 302
    assert client.post("/account/settings", data=USUAL).status_code in (302, 400, 401)


def test_sharing_and_taking_back_is_written_down_but_not_what_one_keeps(make_user, db_session):
    sharer = make_user("县级业务人员", COUNTY)

    def entries():
        db_session.rollback()
        return db_session.scalars(select(AuditEntry).where(AuditEntry.table_name == "saved_view").order_by(AuditEntry.id)).all()

    before = len(entries())
    kept = sharer.send("/views/units/save", name="只给自己", query="reports=1", reach="own")
    assert len(entries()) == before
    number = kept.location.rsplit("view=", 1)[1]
    assert sharer.send(f"/views/{number}/change", name="给大家", reach="all").status_code == 302
    sharer.send(f"/views/{number}/delete")
    made = entries()[before:]
    assert [entry.action for entry in made] == ["share", "unshare"]
    assert "给大家" in made[0].note


def test_the_history_of_a_record_is_read_to_its_end(officer, db_session):
    register = find("supervision_items")
    row = _loose(register, MINE) or _loose(register, MINE[:6])
    for number in range(MOST + 5):
        db_session.execute(update(register.model).where(register.model.id == row.id).values(instructor=f"第{number}次", row_version=number + 2))
    db_session.commit()
    seen, path = [], f"/supervision_items/show/{row.id}"
    for _page in range(5):
        page = officer.get(path).get_data(as_text=True)
        told = page[page.index('id="past"'):]
        seen += re.findall(r"<ins>第(\d+)次</ins>", told)
        older = re.search(r'href="([^"]+\?before=\d+)#past"', told)
        if not older:
            break
        path = older[1]
    assert seen == [str(number) for number in reversed(range(MOST + 5))]
    assert "最新的记录" in page
    assert officer.get(f"/supervision_items/show/{row.id}?before=x").status_code == 400

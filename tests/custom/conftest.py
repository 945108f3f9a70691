"""A county that adds fields, and takes everything back after each test."""
from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import delete, select, update

from app.areas.legal.firms import LawFirm
from app.web.custom.models import CustomField, Dictionary, FormLayout
from tests.custom.county import PATH


@pytest.fixture
def county(system_admin, db_session) -> Iterator[Callable[..., str]]:
    """A maker of fields as the administrator makes them; everything is gone afterwards."""
    def make(label: str, kind: str = "text", **more: object) -> str:
        answer = system_admin.send(f"/fields/{PATH}/add", label=label, kind=kind, dictionary_id=more.pop("dictionary_id", "0"), **more)
        assert answer.status_code == 302, answer.get_data(as_text=True)
        db_session.rollback()
        return db_session.scalar(select(CustomField.name).where(CustomField.register == PATH, CustomField.label == label))

    yield make
    db_session.rollback()
    db_session.execute(update(LawFirm).values(extra={}))
    for model in (CustomField, FormLayout):
        db_session.execute(delete(model))
    db_session.execute(delete(Dictionary).where(~Dictionary.shipped))
    db_session.commit()


@pytest.fixture
def firm(db_session) -> LawFirm:
    """The firm whose fields are filled."""
    return db_session.scalars(select(LawFirm).order_by(LawFirm.id)).first()

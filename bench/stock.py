"""A stock Flask-AppBuilder application (原装 FAB), as its documentation shows one."""
from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask import Flask
from flask_appbuilder import AppBuilder, Model, ModelRestApi, ModelView
from flask_appbuilder.models.sqla.base import SQLA
from flask_appbuilder.models.sqla.interface import SQLAInterface
from sqlalchemy import Column, Date, ForeignKey, Integer, Numeric, String
from sqlalchemy.orm import relationship

from bench.counting import count_statements

db = SQLA()


class LawFirm(Model):
    """A law firm."""

    __tablename__ = "law_firm"
    id = Column(Integer, primary_key=True)
    name = Column(String(100), nullable=False)

    def __repr__(self) -> str:
        return str(self.name)


class Lawyer(Model):
    """A lawyer."""

    __tablename__ = "lawyer"
    id = Column(Integer, primary_key=True)
    name = Column(String(50), nullable=False)

    def __repr__(self) -> str:
        return str(self.name)


class Contract(Model):
    """A contract."""

    __tablename__ = "legal_contract"
    id = Column(Integer, primary_key=True)
    division = Column(String(60), nullable=False)
    number = Column(String(50), nullable=False)
    client = Column(String(100), nullable=False)
    firm_id = Column(Integer, ForeignKey("law_firm.id"), nullable=False, index=True)
    firm = relationship("LawFirm")
    lawyer_id = Column(Integer, ForeignKey("lawyer.id"), index=True)
    lawyer = relationship("Lawyer")
    starts_on = Column(Date, nullable=False)
    ends_on = Column(Date, nullable=False)
    fee = Column(Numeric(14, 2))
    state = Column(String(40), nullable=False)


LISTED = ["division", "number", "client", "firm", "lawyer", "ends_on", "fee", "state"]


class ContractView(ModelView):
    """Its pages."""

    datamodel = SQLAInterface(Contract)
    list_columns = LISTED
    page_size = 20
    base_order = ("id", "desc")


class ContractApi(ModelRestApi):
    """Its interface."""

    resource_name = "contract"
    datamodel = SQLAInterface(Contract)
    allow_browser_login = True
    list_columns = ["division", "number", "client", "firm.name", "lawyer.name", "ends_on", "fee", "state"]
    base_order = ("id", "desc")


def create_app() -> Flask:
    """The application."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY=os.environ["BENCH_KEY"], SQLALCHEMY_DATABASE_URI=os.environ["BENCH_STOCK_URL"],
                      WTF_CSRF_ENABLED=True, AUTH_TYPE=1, APP_NAME="stock", FAB_UPDATE_PERMS=bool(os.environ.get("BENCH_SETUP")),
                      SQLALCHEMY_ENGINE_OPTIONS={"pool_size": 8})
    db.init_app(app)
    with app.app_context():
        builder = AppBuilder(app, db.session)
        builder.add_view(ContractView, "Contracts")
        builder.add_api(ContractApi)
        if os.environ.get("BENCH_SETUP"):
            db.create_all()
            builder.sm.add_user("bench", "b", "b", "bench@example.invalid", builder.sm.find_role("Admin"), os.environ["BENCH_KEY"])
        count_statements(app, db.engine)
    return app

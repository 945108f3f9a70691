"""What tests stand on (测试环境): a console on real PostgreSQL with the demo county, and people signed in to it."""
from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session, scoped_session

from tests.clients import Browser
from tests.databases import Databases

STRICT = os.environ.get("CI") == "true"
PASSWORD = "Mulberry-7-lantern-49"
TOWN, COUNTY = "371625101", "371625"


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder that all workers of this run share; they find it by the environment."""
    if not hasattr(config, "workerinput"):
        os.environ["PINGAN_TESTS_RUN"] = secrets.token_hex(3)
        os.environ["PINGAN_TESTS"] = tempfile.mkdtemp(prefix="pingan-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the server when the last worker has ended."""
    if not hasattr(config, "workerinput") and "PINGAN_TESTS" in os.environ:
        Databases(Path(os.environ.pop("PINGAN_TESTS"))).remove()


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if STRICT and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"With CI=true nothing may be skipped: {report.longrepr}"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """With CI=true a skipped test is a failed one."""
    _refuse_skip((yield).get_result())


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    """With CI=true a skipped file is a failed one."""
    _refuse_skip((yield).get_result())


@pytest.fixture(scope="session")
def databases() -> Databases:
    """The server of this run; it is started by whoever first needs a database."""
    return Databases(Path(os.environ["PINGAN_TESTS"]))


@pytest.fixture(scope="session")
def open_folder() -> Path:
    """A folder for servers of a test's own: pytest's folders are closed again and again to every account but root's."""
    return Path(tempfile.mkdtemp(dir=os.environ["PINGAN_TESTS"]))


@pytest.fixture(scope="session")
def data_dir(databases: Databases) -> Path:
    """This worker's data folder, with a database of its own that holds the demo county."""
    data = databases.copy(os.environ.get("PYTEST_XDIST_WORKER", "main"))
    os.environ["PINGAN_DATA"] = str(data)
    return data


@pytest.fixture(scope="session")
def app(data_dir: Path) -> Flask:
    """The console, on this worker's database."""
    from app import create_app

    # Accounts are shared by the tests of a worker, so more sessions are open at once than a person may have.
    made = create_app({"DATA_DIR": data_dir, "TESTING": True, "SESSIONS_PER_PERSON": 100_000})
    made.test_client_class = Browser
    return made


@pytest.fixture
def db_session(app: Flask) -> Iterator[scoped_session[Session]]:
    """The session over every row; what a test commits stays in its worker's database, the rest is rolled back."""
    from app.database import db
    from app.database.scope import acting, everywhere

    with app.app_context(), acting(everywhere("tests")):
        yield db.session
        db.session.rollback()


@pytest.fixture
def client(app: Flask) -> Browser:
    """A browser in which nobody has signed in."""
    return app.test_client()


@pytest.fixture(scope="session")
def division_tree(app: Flask) -> SimpleNamespace:
    """The codes of the imported county: itself, its 12 towns, its 460 villages and communities."""
    from app.areas.divisions.divisions import Division
    from app.database import db
    from app.database.scope import acting, everywhere

    with app.app_context(), acting(everywhere("tests")):
        codes = sorted(code for code in db.session.scalars(select(Division.code)) if code.isdigit())
    return SimpleNamespace(county=COUNTY, towns=[c for c in codes if len(c) == 9], villages=[c for c in codes if len(c) == 12])


@pytest.fixture(scope="session")
def accounts(app: Flask) -> Callable[..., str]:
    """A maker of accounts: the name of one with this role and this post, made when first asked for."""
    known: dict[tuple[str, str | None, str], str] = {}
    numbers = count(1)

    def account(role: str, division_code: str | None = None, reach: str = "below") -> str:
        key = (role, division_code, reach)
        if key not in known:
            known[key] = f"tester{next(numbers)}"
            _make_account(app, known[key], *key)
        return known[key]

    return account


def _make_account(app: Flask, name: str, role: str, division_code: str | None, reach: str) -> None:
    from app.database import db
    from app.database.scope import acting, everywhere
    from app.security import passwords
    from app.security.models import Post, UserAccount

    with app.app_context(), acting(everywhere("tests")):
        user = UserAccount(username=name, first_name="", last_name=f"测试{name}", email=f"{name}@example.invalid", active=True,
                           password=passwords.hashed(PASSWORD), must_change=False)
        found = app.appbuilder.sm.find_role(role)
        assert found is not None, f"there is no role {role}"
        user.roles = [found]
        db.session.add(user)
        db.session.flush()
        if division_code:
            db.session.add(Post(user_id=user.id, division_code=division_code, reach=reach))
        db.session.commit()


@pytest.fixture
def make_user(app: Flask, accounts: Callable[..., str]) -> Callable[..., Browser]:
    """A maker of browsers in which somebody with a role and a post has signed in."""

    def make(role: str, division_code: str | None = None, reach: str = "below") -> Browser:
        browser = app.test_client()
        browser.sign_in(accounts(role, division_code, reach), PASSWORD)
        return browser

    return make


@pytest.fixture
def clerk(make_user: Callable[..., Browser]) -> Browser:
    """A clerk of one town."""
    return make_user("镇街录入员", TOWN)


@pytest.fixture
def officer(make_user: Callable[..., Browser]) -> Browser:
    """An officer of the county."""
    return make_user("县级业务人员", COUNTY)


@pytest.fixture
def leader(make_user: Callable[..., Browser]) -> Browser:
    """A leader of the county, who reads."""
    return make_user("领导", COUNTY)


@pytest.fixture
def system_admin(make_user: Callable[..., Browser]) -> Browser:
    """The administrator of accounts, who holds no business rights."""
    return make_user("系统管理员")


@pytest.fixture
def statements() -> Callable[[], object]:
    """Counts SQL: ``with statements() as seen`` lists every statement sent meanwhile."""

    @contextmanager
    def seen_within() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            seen.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    return seen_within


@pytest.fixture(scope="session")
def issued(app: Flask) -> None:
    """A briefing of two towns each, which only the worker makes; their files do not matter here."""
    from datetime import date

    from app.areas.briefings.issues import BriefingIssue, BriefingKind
    from app.database import db
    from app.database.scope import acting, everywhere

    with app.app_context(), acting(everywhere("tests")):
        for code in (TOWN, "371625102"):
            db.session.add(BriefingIssue(
                kind=BriefingKind.town, division_code=code, period="2020-01-a", title="测试简报", number=1, total_number=1,
                issued_on=date(2020, 1, 17), pages=1, size=1, sha256="0" * 64, path="none.pdf", figures={}))
        db.session.commit()

"""What the description promises holds for whatever is sent (模糊测试): no 5xx, no answer that is not described.

The suite sends a few cases to each operation; ``scripts/fuzz`` sends 20,000 in all.
"""
from __future__ import annotations

import contextvars
import json
import os

import pytest
from sqlalchemy import text

from app.core.register import registers
from app.database import db
from app.database.scope import acting, everywhere
from app.web.api.describe import document
from tests.conftest import COUNTY, PASSWORD

schemathesis = pytest.importorskip("schemathesis")
hypothesis = pytest.importorskip("hypothesis")
pytestmark = pytest.mark.usefixtures("issued")
CASES = int(os.environ.get("PINGAN_FUZZ_CASES", "0"))
SUITE = 3
"""Cases for each operation and mode in the suite."""


@pytest.fixture(scope="module")
def sender(app, accounts):
    """The cookie and form token of an officer, and the description."""
    browser = app.test_client()
    browser.sign_in(accounts("县级业务人员", COUNTY), PASSWORD)
    token = browser.csrf()
    cookie = browser.get_cookie(app.config["SESSION_COOKIE_NAME"]).value
    with app.test_request_context():
        said = json.loads(json.dumps(document()))
    said.pop("security")
    said["servers"] = [{"url": "http://localhost/api/v1"}]
    schema = schemathesis.openapi.from_dict(said)
    schema.app = app
    return schema, {"X-CSRFToken": token, "Cookie": f"{app.config['SESSION_COOKIE_NAME']}={cookie}"}


def _checks():
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks

    return [not_a_server_error, checks.status_code_conformance, checks.content_type_conformance, checks.response_schema_conformance]


def _try(operation, headers, mode, most):
    found = []

    @hypothesis.settings(max_examples=most, deadline=None, database=None, derandomize=not CASES, suppress_health_check=list(hypothesis.HealthCheck),
                         phases=[hypothesis.Phase.generate])
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    def each(case):
        found.append(1)
        contextvars.Context().run(case.call_and_validate, headers=headers, checks=_checks())

    each()
    return len(found)


@pytest.fixture
def as_it_was(app):
    """Take away afterwards what was added to any register."""
    with app.app_context(), acting(everywhere("tests")):
        before = {r: db.session.scalar(text(f"SELECT coalesce(max(id), 0) FROM {r.table.name}")) for r in registers()}
        db.session.commit()
    yield
    with app.app_context(), acting(everywhere("tests")):
        for register in reversed(registers()):
            try:
                db.session.execute(text(f"DELETE FROM {register.table.name} WHERE id > :last"), {"last": before[register]})
                db.session.commit()
            except Exception:
                db.session.rollback()


def test_whatever_is_sent_is_answered_as_described(sender, as_it_was):
    schema, headers = sender
    operations = [found.ok() for found in schema.get_all_operations()]
    modes = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
    each = CASES // len(operations) // 2 + 1 if CASES else SUITE
    faults, sent = [], 0
    for operation in operations:
        for mode in modes:
            try:
                sent += _try(operation, headers, mode, each)
            except hypothesis.errors.Unsatisfiable:
                continue
            except BaseExceptionGroup as group:
                faults.append(f"{operation.label} {mode.value}: {group.exceptions[0]}")
    print(f"{sent} cases to {len(operations)} operations")
    assert not faults, f"{len(faults)} faults\n" + "\n\n".join(faults[:8])
    assert sent >= (CASES * 0.7 if CASES else len(operations) * SUITE)

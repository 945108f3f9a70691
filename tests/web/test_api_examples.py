"""The examples of docs/api.md are run as they stand there (接口示例)."""
from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import delete, select
from werkzeug.serving import make_server

from app.core.register import find
from app.security.models import UserAccount
from app.security.tokens import ApiToken, make
from tests.conftest import COUNTY, TOWN

ROOT = Path(__file__).parent.parent.parent
ITEMS, UNITS = find("supervision_items"), find("units")


def example(language):
    return re.search(rf"```{language}\n(.*?)```", (ROOT / "docs/api.md").read_text("utf-8"), re.DOTALL)[1]


@pytest.fixture
def surroundings(app, accounts, db_session):
    """The console on a loopback port, a token, and an item that may be changed."""
    owner = db_session.scalar(select(UserAccount).where(UserAccount.username == accounts("县级业务人员", COUNTY)))
    token, secret = make(owner, "示例", [], ["read", "write"], None, 1, None)
    items = db_session.scalars(select(ITEMS.model).where(ITEMS.model.division_code.startswith(TOWN)))
    item = next(each for each in items if not ITEMS.locked(each))
    was, pk, token_id = item.measures, item.id, token.id
    db_session.commit()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    yield {**os.environ, "PINGAN": address, "TOKEN": secret, "ITEM": str(pk), "RUN": "example-1", "NO_PROXY": "*"}
    server.shutdown()
    thread.join()
    db_session.rollback()
    db_session.get(ITEMS.model, pk).measures = was
    db_session.execute(delete(UNITS.model).where(UNITS.model.name == "接口示例单位"))
    db_session.execute(delete(ApiToken).where(ApiToken.id == token_id))
    db_session.commit()


def test_curl_reads_and_changes(surroundings, db_session):
    done = subprocess.run(["bash", "-ec", example("sh")], env=surroundings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "已现场核查" in done.stdout
    assert db_session.get(ITEMS.model, int(surroundings["ITEM"])).measures == "已现场核查"


def test_python_reads_all_and_brings_rows_once(surroundings):
    told = []
    for run in ("example-1", "example-1", "example-2"):
        words = [sys.executable, "-c", example("python")]
        done = subprocess.run(words, env={**surroundings, "RUN": run}, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        told.append(done.stdout.splitlines()[-1])
    assert told == ["1 new", "1 new", "0 new"], "the same run is answered again, another one finds the row there"

"""Events for other systems (事件推送): written with the change, signed, sent to listed addresses alone, tried again, and never a value."""
from __future__ import annotations

import hashlib
import hmac
import json
import re
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import delete, func, select, text, update

from app.core.base import now
from app.core.register import find, registers
from app.database import db
from app.jobs.clock import tick
from app.jobs.queue import run_worker
from app.web.events import targets
from app.web.events.models import Delivery, DeliveryState, Webhook
from app.web.events.outbox import WAITS, is_due, work_off
from app.web.events.targets import TargetRefused, checked, read, resolved
from tests.conftest import TOWN
from tests.test_exits import OTHERS, _one_of

pytestmark = pytest.mark.usefixtures("issued")
UNITS = find("units")


class Receiver(BaseHTTPRequestHandler):
    """Another system: keeps what comes and answers as it is told."""

    got: list = []
    answer = 204

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).got.append((self.path, dict(self.headers), body))
        self.send_response(type(self).answer)
        if type(self).answer in (301, 307):
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words):
        """Say nothing."""


@pytest.fixture
def receiver(app, monkeypatch):
    """The other system on a loopback port, listed by the operator."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Receiver.got, Receiver.answer = [], 204
    monkeypatch.setitem(app.config, "WEBHOOK_TARGETS", f"http://localhost:{server.server_port} 127.0.0.0/8 ::1/128")
    yield f"http://localhost:{server.server_port}/events"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def hook(db_session, receiver):
    """Makes subscriptions; they and what they caused are gone afterwards."""
    def make(**words):
        made = Webhook(**{"name": "交换平台", "url": receiver, "registers": ["units"], "actions": ["insert", "update", "delete"], **words})
        secret = made.renew_secret()
        db_session.add(made)
        db_session.commit()
        return made, secret

    yield make
    db_session.rollback()
    db_session.execute(delete(Webhook))
    db_session.execute(text("DELETE FROM procrastinate_jobs"))
    db_session.commit()


def deliveries():
    db.session.rollback()
    return list(db.session.scalars(select(Delivery).order_by(Delivery.id)))


def unit(session, name="推送测试单位", code=TOWN):
    kind = next(iter(UNITS.columns["kind"].info["choice"]))
    made = UNITS.model(division_code=code, name=name, kind=kind)
    session.add(made)
    session.flush()
    return made


def test_a_change_is_told_signed_and_without_values(db_session, hook):
    made, secret = hook()
    row = unit(db_session)
    db_session.commit()
    pk = row.id
    row.name = "推送测试单位改"
    db_session.commit()
    db_session.delete(row)
    db_session.commit()
    assert is_due()
    assert work_off() == 3
    told = [json.loads(body) for _path, _headers, body in Receiver.got]
    assert [(each["event"], each["register"], each["id"], each["fields"]) for each in told] == [
        ("units.insert", "units", pk, []), ("units.update", "units", pk, ["name"]), ("units.delete", "units", pk, [])]
    path, headers, body = Receiver.got[1]
    assert path == "/events"
    assert "推送测试" not in body.decode()
    signed = hmac.new(secret.encode(), headers["X-Pingan-Timestamp"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["X-Pingan-Signature"] == f"v1={signed}"
    assert headers["X-Pingan-Delivery"] == told[1]["delivery"]
    assert {(each.state, each.answer, each.attempts) for each in deliveries()} == {(DeliveryState.delivered, 204, 1)}
    assert secret not in db_session.scalar(text("SELECT secret FROM webhook WHERE id = :i"), {"i": made.id})
    assert not is_due()


def test_every_register_tells_its_changes(db_session):
    told = set(db_session.scalars(text("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'pingan_event'")))
    assert told == {register.table.name for register in registers()}


def test_what_the_console_keeps_for_itself_is_no_change(db_session, hook):
    hook()
    row = _one_of(UNITS, TOWN)
    table = UNITS.table
    db_session.execute(update(table).where(table.c.id == row.id).values(row_version=table.c.row_version + 1, updated_at=func.now()))
    assert db_session.scalar(select(func.count()).select_from(Delivery)) == 0
    db_session.rollback()


def test_what_is_undone_is_never_told(db_session, hook):
    hook()
    unit(db_session)
    db_session.rollback()
    assert deliveries() == []


@pytest.mark.parametrize(("words", "told"), [({"registers": ["supervision_items"]}, 0), ({"actions": ["delete"]}, 0), ({"active": False}, 0),
                                             ({"within": TOWN}, 1), ({"within": OTHERS}, 0), ({"registers": []}, 1)])
def test_only_what_was_asked_for_is_told(words, told, db_session, hook):
    hook(**words)
    unit(db_session)
    assert db_session.scalar(select(func.count()).select_from(Delivery)) == told
    db_session.rollback()


def _again(session):
    session.execute(update(Delivery).values(next_at=now() - timedelta(seconds=1)))
    session.commit()


@pytest.mark.parametrize("status", [500, 301, 307, 404])
def test_a_refusal_is_tried_again_later_and_given_up_at_last(status, db_session, hook):
    hook()
    unit(db_session, f"重试{status}")
    db_session.commit()
    Receiver.answer = status
    for attempt in range(1, len(WAITS) + 2):
        work_off()
        (each,) = deliveries()
        assert (each.attempts, each.answer) == (attempt, status)
        assert f"HTTP {status}" in each.fault
        if attempt <= len(WAITS):
            assert each.state is DeliveryState.waiting
            assert each.next_at > now() + WAITS[attempt - 1] - timedelta(seconds=20)
            assert work_off() == 0
            _again(db_session)
    assert each.state is DeliveryState.failed
    assert {path for path, _headers, _body in Receiver.got} == {"/events"}, "no detour is followed"
    db_session.execute(delete(UNITS.model).where(UNITS.model.name == f"重试{status}"))
    db_session.commit()


def test_a_receiver_that_is_away_does_not_stop_the_console(db_session, hook, app, monkeypatch):
    monkeypatch.setitem(app.config, "WEBHOOK_TARGETS", "http://localhost:9 127.0.0.0/8 ::1/128")
    hook(url="http://localhost:9/")
    unit(db_session)
    unit(db_session, "推送测试单位二")
    db_session.commit()
    assert work_off() == 1, "after a failure the address is left alone for a while"
    first, second = deliveries()
    assert "ConnectionRefusedError" in first.fault
    assert (second.attempts, second.state) == (0, DeliveryState.waiting)
    db_session.execute(delete(UNITS.model).where(UNITS.model.name.startswith("推送测试单位")))
    db_session.commit()


def test_the_clock_sends_it_to_the_queue_and_the_worker_delivers(app, db_session, hook):
    db_session.execute(text("DELETE FROM procrastinate_jobs"))
    hook()
    unit(db_session, "推送队列单位")
    db_session.commit()
    for _beat in range(2):
        tick(db_session, now() - timedelta(days=4000))
        db_session.commit()
    waiting = select(func.count()).select_from(text("procrastinate_jobs WHERE task_name = 'run_errand'"))
    assert db_session.scalar(waiting) == 1
    db_session.commit()
    run_worker(app, wait=False)
    assert [json.loads(body)["event"] for _path, _headers, body in Receiver.got] == ["units.insert"]
    assert db_session.scalar(waiting) == 0
    db_session.execute(delete(UNITS.model).where(UNITS.model.name == "推送队列单位"))
    db_session.commit()


@pytest.mark.parametrize("url", ["", "x", "ftp://localhost/", "http://", "http://a@localhost/", "http://localhost:99999/", "http://localhost/#a",
                                 "http://local host/", "http://localhost/\n", "http://" + "a" * 600, "file:///etc/passwd", "http://[::1/"])
def test_an_address_that_is_none_is_refused(url, app):
    with app.test_request_context(), pytest.raises(TargetRefused):
        read(url)


@pytest.mark.parametrize(("listed", "url", "found", "taken"), [
    ("https://hooks.example", "https://hooks.example/x", ["93.184.215.14"], True),
    ("https://hooks.example", "https://HOOKS.example:443/x", ["93.184.215.14"], True),
    ("https://hooks.example", "http://hooks.example/x", ["93.184.215.14"], False),
    ("https://hooks.example", "https://hooks.example:8443/x", ["93.184.215.14"], False),
    ("https://hooks.example", "https://hooks.example.evil/x", ["93.184.215.14"], False),
    ("", "https://hooks.example/x", ["93.184.215.14"], False),
    ("https://hooks.example", "https://hooks.example/x", ["10.1.2.3"], False),
    ("https://hooks.example", "https://hooks.example/x", ["127.0.0.1"], False),
    ("https://hooks.example", "https://hooks.example/x", ["169.254.169.254"], False),
    ("https://hooks.example", "https://hooks.example/x", ["::ffff:10.1.2.3"], False),
    ("https://hooks.example", "https://hooks.example/x", ["fe80::1%eth0"], False),
    ("https://hooks.example", "https://hooks.example/x", ["93.184.215.14", "10.1.2.3"], False),
    ("https://hooks.example", "https://hooks.example/x", ["224.0.0.1"], False),
    ("https://hooks.example 10.1.0.0/16", "https://hooks.example/x", ["10.1.2.3"], True),
    ("https://hooks.example 10.1.0.0/16", "https://hooks.example/x", ["10.2.2.3"], False),
    ("10.1.0.0/16", "https://10.1.2.3/x", ["10.1.2.3"], False),
])
def test_events_reach_no_address_that_the_operator_did_not_list(listed, url, found, taken, app, monkeypatch):
    monkeypatch.setitem(app.config, "WEBHOOK_TARGETS", listed)
    monkeypatch.setattr(targets.socket, "getaddrinfo", lambda *_a, **_o: [(2, 1, 6, "", (each, 443)) for each in found])
    with app.test_request_context():
        if taken:
            assert resolved(checked(url)) == found[0]
        else:
            with pytest.raises(TargetRefused):
                resolved(checked(url))


def test_administrators_make_try_and_repeat_subscriptions_on_a_page(system_admin, clerk, officer, db_session, hook, receiver):
    assert clerk.get("/webhooks/").status_code == officer.get("/webhooks/").status_code == 403
    given = {"name": "县数据交换平台", "url": receiver, "registers": ["units"], "actions": ["insert"], "active": "1"}
    for name, value in (("name", ""), ("url", "http://elsewhere.example/"), ("actions", "drop"), ("registers", "nothing"), ("within", "x")):
        answer = system_admin.send("/webhooks/add", **{**given, name: value})
        assert answer.status_code == 422
        assert "field-error" in answer.get_data(as_text=True)
        assert "县数据交换平台" in answer.get_data(as_text=True) or name == "name", "nothing typed is lost"
    made = system_admin.send("/webhooks/add", **given)
    secret = re.search(r'id="new-secret">([^<]+)<', made.get_data(as_text=True))[1]
    pk = db_session.scalar(select(Webhook.id).where(Webhook.name == "县数据交换平台"))
    assert secret not in system_admin.get(f"/webhooks/{pk}").get_data(as_text=True)
    assert system_admin.send(f"/webhooks/{pk}/ping").status_code == 302
    work_off()
    assert json.loads(Receiver.got[-1][2])["event"] == "ping"
    (sent,) = deliveries()
    assert system_admin.send(f"/webhooks/{pk}/again/{sent.id}").status_code == 302
    work_off()
    assert len(Receiver.got) == 2
    assert Receiver.got[0][1]["X-Pingan-Delivery"] == Receiver.got[1][1]["X-Pingan-Delivery"], "the receiver knows it again"
    assert system_admin.send(f"/webhooks/{pk}/again/999999").status_code == 404
    page = system_admin.get(f"/webhooks/{pk}?state=delivered").get_data(as_text=True)
    assert "HTTP 204" in page
    renewed = system_admin.send(f"/webhooks/{pk}/secret").get_data(as_text=True)
    assert re.search(r'id="new-secret">([^<]+)<', renewed)[1] != secret
    assert system_admin.send(f"/webhooks/{pk}", **{**given, "name": "改名"}).status_code == 302
    assert "改名" in system_admin.get("/webhooks/").get_data(as_text=True)
    assert system_admin.send(f"/webhooks/{pk}/remove").status_code == 302
    assert deliveries() == []

"""Passwords of a directory: a real LDAP server in a process of its own, asked over the network."""
from __future__ import annotations

import socket
import subprocess
import sys
import time

import pytest

from app.security import directory
from app.security.models import LoginSession, SignInAttempt

from .conftest import RIGHT

THEIRS = "Directory-own-words-77"
SERVER = '''
import sys
from io import BytesIO
from twisted.internet import reactor
from twisted.internet.protocol import ServerFactory
from twisted.python.components import registerAdapter
from ldaptor.inmemory import fromLDIFFile
from ldaptor.interfaces import IConnectedLDAPEntry
from ldaptor.protocols.ldap.ldapserver import LDAPServer

class Factory(ServerFactory):
    protocol = LDAPServer
    def __init__(self, root): self.root = root
    def buildProtocol(self, address):
        made = self.protocol(); made.debug = False; made.factory = self
        return made

registerAdapter(lambda factory: factory.root, Factory, IConnectedLDAPEntry)

def serve(root):
    port = reactor.listenTCP(0, Factory(root), interface="127.0.0.1")
    print(port.getHost().port, flush=True)

fromLDIFFile(BytesIO(sys.stdin.buffer.read())).addCallback(serve)
reactor.run()
'''
TREE = """dn: dc=county
objectClass: dcObject
dc: county

dn: ou=people,dc=county
objectClass: organizationalUnit
ou: people

"""


@pytest.fixture(scope="module")
def serve():
    """A maker of directory servers with the given people."""
    running = []

    def start(names):
        entries = "".join(f"dn: uid={name},ou=people,dc=county\nobjectClass: person\nuid: {name}\ncn: {name}\nsn: {name}\nuserPassword: {THEIRS}\n\n"
                          for name in names)
        process = subprocess.Popen([sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        running.append(process)
        process.stdin.write((TREE + entries).encode())
        process.stdin.close()
        return process, int(process.stdout.readline())

    yield start
    for process in running:
        process.kill()
        process.wait()


@pytest.fixture
def directory_of(serve, app, monkeypatch):
    """Sets the console to a server that knows these people."""

    def use(*names):
        process, port = serve(names)
        monkeypatch.setitem(app.config, "LDAP_URL", f"ldap://127.0.0.1:{port}")
        monkeypatch.setitem(app.config, "LDAP_USER_DN", "uid={name},ou=people,dc=county")
        return process

    return use


def test_the_directorys_password_enters_and_no_other_does(person, enter, app, directory_of, db_session):
    user = person("领导", source="ldap")
    directory_of(user.username)
    for wrong in (RIGHT, "", "wrong", THEIRS + "x"):
        assert enter(user.username, wrong, app.test_client()).status_code == 401
    browser = app.test_client()
    assert enter(user.username, THEIRS, browser).status_code == 302
    assert browser.get("/account").status_code == 200
    assert browser.get("/account/password").status_code == 404
    assert db_session.query(LoginSession).filter_by(user_id=user.id).one().method == "ldap"


def test_accounts_of_this_console_keep_their_own_password(person, enter, app, directory_of):
    user = person()
    directory_of(user.username)
    assert enter(user.username, THEIRS, app.test_client()).status_code == 401
    assert enter(user.username, RIGHT, app.test_client()).status_code == 302


def test_whom_the_directory_knows_and_the_console_does_not_gets_nothing(enter, app, directory_of):
    directory_of("stranger")
    assert enter("stranger", THEIRS, app.test_client()).status_code == 401


def test_without_the_setting_an_account_of_the_directory_does_not_enter(person, enter, app):
    user = person(source="ldap")
    assert enter(user.username, RIGHT, app.test_client()).status_code == 401


def test_a_closed_account_does_not_enter_by_the_directory(person, enter, app, directory_of):
    user = person(source="ldap", active=False)
    directory_of(user.username)
    assert enter(user.username, THEIRS, app.test_client()).status_code == 401


def test_five_wrong_tries_lock_here_too(person, enter, app, directory_of):
    user = person(source="ldap")
    directory_of(user.username)
    for _each in range(5):
        enter(user.username, "wrong", app.test_client())
    assert enter(user.username, THEIRS, app.test_client()).status_code == 401


@pytest.mark.parametrize("name", ["*", "x,ou=people", "x)(uid=*", "a\\2c", "x+cn=y", '"', "#x"])
def test_a_name_cannot_leave_its_place_in_the_entry(app, directory_of, name):
    directory_of("somebody")
    with app.test_request_context():
        assert directory.is_right(None, name, THEIRS) is False


def test_a_silent_directory_is_said_so_and_locks_nobody(person, enter, app, directory_of, db_session):
    user = person(source="ldap")
    process = directory_of(user.username)
    process.kill()
    process.wait()
    answer = enter(user.username, THEIRS, app.test_client())
    assert answer.status_code == 503
    assert db_session.query(SignInAttempt).filter_by(name=user.username).count() == 0


def test_a_directory_that_hangs_is_given_up(app, person, monkeypatch):
    monkeypatch.setattr(directory, "PATIENCE", 1)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        monkeypatch.setitem(app.config, "LDAP_URL", f"ldap://127.0.0.1:{deaf.getsockname()[1]}")
        begun = time.monotonic()
        with app.test_request_context(), pytest.raises(directory.DirectorySilent):
            directory.is_right(None, "x", "y")
        assert time.monotonic() - begun < 8


def test_an_account_is_moved_to_the_directory_and_back_by_a_reset(person, enter, app, system_admin, clerk, directory_of, db_session):
    user = person("领导")
    assert system_admin.send(f"/access/{user.id}/source", source="ldap").status_code == 403, "not while there is none"
    directory_of(user.username)
    browser = app.test_client()
    enter(user.username, RIGHT, browser)
    assert clerk.send(f"/access/{user.id}/source", source="ldap").status_code == 403
    assert system_admin.send(f"/access/{user.id}/source", source="ldap").status_code == 302
    assert browser.get("/account").status_code == 302, "sessions of before are over"
    assert enter(user.username, THEIRS, app.test_client()).status_code == 302
    assert system_admin.send(f"/users/{user.id}/reset").status_code == 200
    db_session.expire_all()
    assert user.source == "local"
    assert enter(user.username, THEIRS, app.test_client()).status_code == 401

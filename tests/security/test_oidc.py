"""Single sign-on with a real authorization server in the test: it keeps codes, checks PKCE, signs with its own key."""
from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from app.security.models import LoginSession

from .conftest import RIGHT

CLIENT, SECRET = "pingan", "their-shared-secret"


class Service(ThreadingHTTPServer):
    """A small authorization server; ``spoil`` lets a test bend what it says."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.signing, self.codes, self.who, self.spoil = self.key, {}, "", {}

    def handle_question(self, query):
        """What the browser is sent to: answers the address to which it is sent back."""
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == ("code", CLIENT, "S256")
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form):
        """Tokens for a code, once; None when anything does not fit."""
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
        proved = asked is not None and form.get("client_secret") == SECRET and challenge == asked["code_challenge"]
        if not proved or form["redirect_uri"] != asked["redirect_uri"]:
            return None
        moment = int(time.time())
        claims = {"iss": self.issuer, "sub": "42", "aud": CLIENT, "iat": moment, "exp": moment + 60, "nonce": asked["nonce"],
                  "preferred_username": self.who, **self.spoil}
        return {"token_type": "Bearer", "access_token": "x", "id_token": jwt.encode(claims, self.signing, "RS256", headers={"kid": "one"})}


class Answers(BaseHTTPRequestHandler):
    def _say(self, told, code=200):
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def do_GET(self):
        service = self.server
        if self.path == "/.well-known/openid-configuration":
            self._say({"issuer": service.issuer, "authorization_endpoint": f"{service.issuer}/authorize",
                       "token_endpoint": f"{service.issuer}/token", "jwks_uri": f"{service.issuer}/keys"})
        elif self.path == "/keys":
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(service.key.public_key()))
            self._say({"keys": [{**key, "kid": "one", "use": "sig", "alg": "RS256"}]})
        else:
            self._say({}, 404)

    def do_POST(self):
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        told = self.server.token({name: values[0] for name, values in form.items()})
        self._say(told or {"error": "invalid_grant"}, 200 if told else 400)

    def log_message(self, *_words):
        """Say nothing."""


@pytest.fixture
def service(app, monkeypatch):
    """The console with a sign-on service."""
    made = Service()
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    for name, value in (("ISSUER", made.issuer), ("CLIENT_ID", CLIENT), ("CLIENT_SECRET", SECRET)):
        monkeypatch.setitem(app.config, f"OIDC_{name}", value)
    yield made
    made.shutdown()
    made.server_close()


def go(browser, service, next_="/account"):
    """Start at the console and follow the browser's way to the service; the address at which it comes back."""
    asked = urlsplit(browser.get("/login/sign-on", query_string={"next": next_}).headers["Location"])
    assert f"{asked.scheme}://{asked.netloc}" == service.issuer
    back = urlsplit(service.handle_question(asked.query))
    return f"{back.path}?{back.query}"


def test_a_marked_account_enters_with_a_session_of_its_own(person, client, service, db_session):
    user = person("领导", source="oidc")
    service.who = user.username.upper()
    assert client.get(go(client, service)).headers["Location"] == "/account"
    assert client.get("/account").status_code == 200
    assert db_session.query(LoginSession).filter_by(user_id=user.id).one().method == "oidc"


@pytest.mark.parametrize("words", [{"source": "local"}, {"source": "ldap"}, {"source": "oidc", "active": False}])
def test_other_accounts_do_not(person, client, service, words):
    service.who = person(**words).username
    assert client.get(go(client, service)).headers["Location"] == "/login/"
    assert client.get("/account").status_code == 302


def test_whom_only_the_service_knows_gets_no_account(client, service, db_session):
    from app.security.models import UserAccount

    service.who = "stranger-of-theirs"
    assert client.get(go(client, service)).headers["Location"] == "/login/"
    assert db_session.query(UserAccount).filter_by(username="stranger-of-theirs").count() == 0


@pytest.mark.parametrize("spoil", [
    {"nonce": "another"}, {"aud": "another"}, {"iss": "https://another.example"}, {"exp": 1}, {"preferred_username": ""},
])
def test_an_answer_that_does_not_fit_is_refused(person, client, service, spoil):
    service.who, service.spoil = person(source="oidc").username, spoil
    assert client.get(go(client, service)).headers["Location"] == "/login/"
    assert client.get("/account").status_code == 302


def test_a_strangers_signature_is_refused(person, client, service):
    service.who = person(source="oidc").username
    service.signing = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert client.get(go(client, service)).headers["Location"] == "/login/"


def test_an_answer_works_once_and_in_the_browser_that_asked_alone(person, client, service, app):
    service.who = person(source="oidc").username
    back, other = go(client, service), app.test_client()
    assert other.get(back).headers["Location"] == "/login/", "somebody else's answer"
    assert client.get(back).headers["Location"] == "/account"
    assert client.get(back).headers["Location"] == "/login/", "a second time"


def test_a_local_password_does_not_open_an_account_of_the_service(person, enter, service):
    assert enter(person(source="oidc").username, RIGHT).status_code == 401


def test_a_silent_service_is_told_in_words(client, service):
    service.shutdown()
    service.server_close()
    assert client.get("/login/sign-on").headers["Location"] == "/login/"


def test_without_the_setting_there_is_no_such_door(client):
    assert client.get("/login/sign-on").status_code == 404
    assert client.get("/login/sign-on/back?code=x&state=y").status_code == 404
    assert "/login/sign-on" not in client.get("/login/").get_data(as_text=True)


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example"])
def test_no_redirect_leads_outside(person, client, service, target):
    service.who = person(source="oidc").username
    assert client.get(go(client, service, target)).headers["Location"] == "/"

"""Signing in at the county's own sign-on service (统一身份认证 OIDC): authorization code with PKCE, state and nonce.

Off unless ``PINGAN_OIDC_ISSUER`` is set. The service says who somebody is; whether that account exists and what it may do is ours.
"""
from __future__ import annotations

import base64
import hashlib
import json
import logging
import secrets
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import jwt
from flask import current_app, session, url_for

PATIENCE = 5
KEY = "oidc"
ALGORITHMS = ["RS256", "ES256", "PS256"]
LOOPBACK = ("127.0.0.1", "localhost")
log = logging.getLogger(__name__)


class NotSignedOn(RuntimeError):
    """The sign-on service did not say who this is."""


def is_on() -> bool:
    """Whether a sign-on service is set."""
    return bool(current_app.config["OIDC_ISSUER"])


def _safe(address: str) -> str:
    parts = urllib.parse.urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise NotSignedOn(f"{address} is not reached over https")
    return address


def _read(address: str, form: dict[str, str] | None = None) -> dict[str, Any]:
    data = urllib.parse.urlencode(form).encode() if form else None
    asked = urllib.request.Request(_safe(address), data, {"Accept": "application/json"})  # noqa: S310  # _safe looked at the scheme.
    with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310
        return dict(json.load(answer))


def _service() -> dict[str, Any]:
    """The service's own description; its issuer must be the one that was set."""
    issuer = current_app.config["OIDC_ISSUER"].rstrip("/")
    told = _read(f"{issuer}/.well-known/openid-configuration")
    if str(told.get("issuer", "")).rstrip("/") != issuer:
        raise NotSignedOn("the service names another issuer")
    return told


def _back() -> str:
    return url_for("SignOnPage.back", _external=True)


def begin(target: str) -> str:
    """The address at the service to which the browser goes."""
    verifier, state, nonce = (secrets.token_urlsafe(32) for _each in range(3))
    session[KEY] = {"state": state, "nonce": nonce, "verifier": verifier, "next": target}
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    try:
        door = _safe(_service()["authorization_endpoint"])
    except (OSError, ValueError, KeyError) as silent:
        raise NotSignedOn("the service does not answer") from silent
    asked = {"response_type": "code", "client_id": current_app.config["OIDC_CLIENT_ID"], "redirect_uri": _back(), "scope": "openid profile",
             "state": state, "nonce": nonce, "code_challenge": challenge, "code_challenge_method": "S256"}
    return f"{door}?{urllib.parse.urlencode(asked)}"


def finish(args: Any) -> tuple[str, str]:
    """Who came back, and where they wanted to go; NotSignedOn unless every part fits this browser's own question."""
    asked = session.pop(KEY, None)
    if not isinstance(asked, dict) or not secrets.compare_digest(str(args.get("state", "")).encode(), asked["state"].encode()):
        raise NotSignedOn("the answer belongs to another question")
    try:
        claims = _claims(str(args.get("code", "")), asked)
    except (OSError, ValueError, KeyError, jwt.PyJWTError) as wrong:
        raise NotSignedOn(type(wrong).__name__) from wrong
    name = str(claims.get(current_app.config["OIDC_CLAIM"]) or "")
    if not name:
        raise NotSignedOn("the answer holds no name")
    return name, asked["next"]


def _claims(code: str, asked: dict[str, str]) -> dict[str, Any]:
    config, service = current_app.config, _service()
    told = _read(service["token_endpoint"], {
        "grant_type": "authorization_code", "code": code, "redirect_uri": _back(), "client_id": config["OIDC_CLIENT_ID"],
        "client_secret": config["OIDC_CLIENT_SECRET"], "code_verifier": asked["verifier"]})
    key = jwt.PyJWKClient(_safe(service["jwks_uri"]), timeout=PATIENCE).get_signing_key_from_jwt(told["id_token"])
    claims: dict[str, Any] = jwt.decode(
        told["id_token"], key.key, ALGORITHMS, audience=config["OIDC_CLIENT_ID"], issuer=service["issuer"], leeway=30,
        options={"require": ["exp", "iat", "aud", "iss", "sub"]})
    if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), asked["nonce"].encode()):
        raise NotSignedOn("the answer was made for another question")
    return claims

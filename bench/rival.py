"""Django's admin on the same tables (Django 管理后台): settings, models and application in one file."""
from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import django
from django.conf import settings

_url = urlsplit(os.environ["BENCH_RIVAL_URL"])
_host = dict(pair.split("=", 1) for pair in _url.query.split("&") if pair).get("host", _url.hostname or "")
settings.configure(
    SECRET_KEY=os.environ["BENCH_KEY"], ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF="bench.rival_urls", USE_TZ=True, STATIC_URL="/static/",
    INSTALLED_APPS=["django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
                    "django.contrib.messages", "bench.rival_app"],
    MIDDLEWARE=["bench.rival.count", "django.middleware.security.SecurityMiddleware",
                "django.contrib.sessions.middleware.SessionMiddleware",
                "django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
                "django.contrib.auth.middleware.AuthenticationMiddleware", "django.contrib.messages.middleware.MessageMiddleware"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {"context_processors": [
        "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages"]}}],
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "NAME": _url.path[1:], "USER": unquote(_url.username or ""),
                           "PASSWORD": unquote(_url.password or ""), "HOST": unquote(_host), "PORT": str(_url.port or ""),
                           "CONN_MAX_AGE": None}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)


def count(get_response: Any) -> Any:
    """Say in each answer how many statements it took."""
    from django.db import connection

    def middle(request: Any) -> Any:
        sent = [0]

        def note(execute: Any, *rest: Any) -> Any:
            sent[0] += 1
            return execute(*rest)

        with connection.execute_wrapper(note):
            response = get_response(request)
        response["X-Statements"] = str(sent[0])
        return response

    return middle


def create_app() -> Any:
    """The application; set up first when that is asked for."""
    django.setup()
    if os.environ.get("BENCH_SETUP"):
        from django.contrib.auth.models import User
        from django.core.management import call_command

        call_command("migrate", run_syncdb=True, verbosity=0)
        User.objects.create_superuser("bench", "bench@example.invalid", os.environ["BENCH_KEY"])
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()

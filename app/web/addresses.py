"""Addresses and words that every row asks for (页面地址): worked out once for each place the console is mounted at.

A list of twenty rows asks for some 180 addresses and 300 translated words; looked up one by one they cost half the page.
"""
from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import Flask, g, has_app_context, request, url_for
from flask_babel import Domain, get_babel, get_locale
from markupsafe import Markup

MOST_WORDS = 20_000
"""Texts kept for a page and language; far more than there are, in case a template asks for changing ones."""


@lru_cache(maxsize=1024)
def _made(root: str, endpoint: str, name: str) -> str:
    return url_for(endpoint, **{name: 0})[:-1] if name else url_for(endpoint)


def plain_url(endpoint: str) -> str:
    """The address of a page that needs no value."""
    return _made(request.script_root, endpoint, "")


def record_url(endpoint: str, pk: int) -> str:
    """The address of a page about one row, which ends with its number."""
    return f"{_made(request.script_root, endpoint, 'pk')}{pk}"


class KeptDomain(Domain):
    """Flask-Babel's texts, found without spelling the language out for every word."""

    def get_translations(self) -> Any:
        """The texts of the language at hand."""
        if not has_app_context():
            return super().get_translations()
        store = g._get_current_object()
        language = getattr(store.get("_flask_babel"), "babel_locale", None)
        kept = store.get("kept_texts")
        if kept is None or language is None or kept[0] is not language:
            kept = store.kept_texts = (get_locale(), super().get_translations())
        return kept[1]


    def marked(self, said: str) -> Markup:
        """The text for a page, worked out once for each language; a doubled percent sign is one, as where values are filled in."""
        texts = self.get_translations()
        try:
            return texts.marked[said]
        except AttributeError:
            texts.marked = {}
        except KeyError:
            pass
        if len(texts.marked) >= MOST_WORDS:
            texts.marked.clear()
        made = texts.marked[said] = Markup(texts.ugettext(said)) % {}  # noqa: S704
        return made

    def word(self, said: str, **values: Any) -> Markup:
        """What ``_`` means in a template; the values are escaped."""
        return Markup(self.get_translations().ugettext(said)) % values if values else self.marked(said)  # noqa: S704


def init_words(app: Flask) -> None:
    """Let every text of the application be found that way."""
    babel = get_babel(app).instance
    texts = babel.domain_instance = KeptDomain(domain=";".join(babel.domain_instance.domain))
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda said: texts.get_translations().ugettext(said), lambda one, many, count: texts.get_translations().ungettext(one, many, count),
        newstyle=True)
    # Jinja's own way looks the function up and fills in nothing for each of some 250 words of a page.
    app.jinja_env.globals["_"] = texts.word

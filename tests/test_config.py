"""Settings (设置): every one is documented, and what is unsafe or misspelt is refused with a sentence."""
from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import config

DOCUMENT = Path(config.ROOT, "docs", "settings.md").read_text(encoding="utf-8")
GOOD = "r7Jw2mXq9ZtL4vKc8PbN1yHd6GfS3aQe"


@pytest.mark.parametrize("setting", config.SETTINGS, ids=lambda each: each.name)
def test_every_setting_is_documented_with_its_default(setting):
    lines = [line for line in DOCUMENT.splitlines() if line.startswith(f"| `{setting.variable}` ")]
    assert len(lines) == 1
    assert f"| `{setting.default}` |" in lines[0] or (setting.default == "" and "| – |" in lines[0])
    assert setting.help.split(".")[0] in lines[0]


def test_the_document_names_no_setting_that_does_not_exist():
    named = {line.split("`")[1] for line in DOCUMENT.splitlines() if line.startswith("| `")}
    assert named == {each.variable for each in config.SETTINGS}


@pytest.mark.parametrize("key", ["short", "a" * 40, "ab" * 20, "\\2\\1thisismyscretkey\\1\\2\\e\\y\\y\\h" + GOOD,
                                 "CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET"])
def test_a_key_that_can_be_guessed_is_refused(key):
    with pytest.raises(config.BadSetting, match="SECRET_KEY"):
        config.checked_key(key)


def test_a_random_key_is_taken():
    assert config.checked_key(GOOD) == GOOD


@pytest.mark.parametrize(("variable", "text"), [
    ("PINGAN_PORT", "http"), ("PINGAN_PORT", "70000"), ("PINGAN_HTTPS", "perhaps"), ("PINGAN_LANGUAGE", "de"),
    ("PINGAN_TIMEZONE", "Asia/Nowhere"), ("PINGAN_DUE_SHIFT", "sideways"), ("PINGAN_THREADS", "0"),
])
def test_a_wrong_setting_is_refused_by_its_name(variable, text):
    with pytest.raises(config.BadSetting, match=variable):
        config.settings({variable: text})


def test_the_environment_overrides_a_default():
    chosen = config.settings({"PINGAN_PORT": "9000", "PINGAN_HTTPS": "yes", "DATABASE_URL": "postgresql://a@b/c"})
    assert (chosen["PORT"], chosen["HTTPS"], chosen["DATABASE_URL"]) == (9000, True, "postgresql://a@b/c")


def test_secrets_are_made_once_and_closed(tmp_path):
    first, second = config.load({"DATA_DIR": tmp_path}), config.load({"DATA_DIR": tmp_path})
    for name in ("SECRET_KEY", "SEALING_KEY"):
        assert first[name] == second[name]
        assert len(first[name]) >= config.SHORTEST_KEY
    for path in (tmp_path / "secret_key", tmp_path / "sealing.key"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_secret_that_others_can_read_is_refused(tmp_path):
    config.load({"DATA_DIR": tmp_path})
    (tmp_path / "secret_key").chmod(0o644)
    with pytest.raises(config.BadSetting, match="chmod 600"):
        config.load({"DATA_DIR": tmp_path})


def test_cookies_and_engine_are_closed_by_default(tmp_path):
    made = config.load({"DATA_DIR": tmp_path})
    assert made["SESSION_COOKIE_HTTPONLY"] is True
    assert made["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert made["SQLALCHEMY_ENGINE_OPTIONS"]["hide_parameters"] is True
    assert made["FAB_ADD_SECURITY_API"] is made["FAB_UPDATE_PERMS"] is made["FAB_CREATE_DB"] is False


BAD_STARTS = {
    "short key": ({"SECRET_KEY": "short"}, "SECRET_KEY"),
    "one character": ({"SECRET_KEY": "a" * 40}, "SECRET_KEY"),
    "a piece again and again": ({"SECRET_KEY": "k3J9xQ7mZw2L" * 4}, "SECRET_KEY"),
    "the alphabet": ({"SECRET_KEY": "abcdefghijklmnopqrstuvwxyz0123456789"}, "SECRET_KEY"),
    "Flask-AppBuilder's": ({"SECRET_KEY": "\\2\\1thisismyscretkey\\1\\2\\e\\y\\y\\h" + GOOD}, "SECRET_KEY"),
    "Superset's": ({"SECRET_KEY": "CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET" + GOOD}, "SECRET_KEY"),
    "Flask's handbook": ({"SECRET_KEY": "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf"}, "SECRET_KEY"),
    "a debugger": ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
    "no such port": ({"PINGAN_PORT": "70000"}, "PINGAN_PORT"),
    "no such rule": ({"PINGAN_SECOND_FACTOR": "sometimes"}, "PINGAN_SECOND_FACTOR"),
    "cheap hashes": ({"PINGAN_PASSWORD_COST": "1024"}, "PINGAN_PASSWORD_COST"),
    "key for all to read": ("secret_key", "chmod 600"),
    "sealing key for all to read": ("sealing.key", "chmod 600"),
    "folder for all to write": (".", "chmod go-w"),
}


@pytest.mark.parametrize("name", BAD_STARTS)
def test_an_unsafe_start_is_refused_with_a_sentence_in_chinese(name, tmp_path):
    wrong, named = BAD_STARTS[name]
    if isinstance(wrong, str):
        config.load({"DATA_DIR": tmp_path})
        Path(tmp_path, wrong).chmod(0o777)
    words = [sys.executable, "-c", "import run, sys; sys.argv = ['run.py']; sys.exit(run.main())"]
    unset = {key: text for key, text in os.environ.items() if not key.startswith(("PINGAN_", "FLASK_", "SECRET_KEY", "DATABASE_URL"))}
    given = {**unset, "PINGAN_DATA": str(tmp_path), **(wrong if isinstance(wrong, dict) else {})}
    done = subprocess.run(words, cwd=config.ROOT, env=given, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2, done.stderr
    assert named in done.stderr
    assert "Traceback" not in done.stderr
    assert any("\u4e00" <= character <= "\u9fff" for character in done.stderr)
    assert not Path(tmp_path, "postgres").exists(), "refused before anything was started"

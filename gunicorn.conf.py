"""How the web server runs (网页服务): a few processes with threads, behind no other server by default."""
from __future__ import annotations

import gc
from typing import Any

from config import settings as _settings

_chosen = _settings()

bind = f"{_chosen['BIND']}:{_chosen['PORT']}"
workers = _chosen["WEB_WORKERS"]
worker_class = "gthread"
threads = _chosen["THREADS"]
timeout = 120
graceful_timeout = 3
keepalive = 5
accesslog = None
errorlog = "-"
loglevel = "warning"
proc_name = "pingan-web"
# The control socket would be a second door into the server; nothing here uses it.
control_socket_disable = True
wsgi_app = "app:create_app()"
# The application is read once; every process, also one that replaces a killed one, begins as a copy of it within milliseconds.
preload_app = True


def when_ready(_server: Any) -> None:
    """Leave what was there from the beginning out of every later search for rubbish, and its memory shared."""
    gc.collect()
    gc.freeze()

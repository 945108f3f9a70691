"""How the web server runs (网页服务): a few processes with threads, behind no other server by default."""
from __future__ import annotations

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

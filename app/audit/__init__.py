"""The trail (审计): what was read, exported or changed, by whom, and why."""
from __future__ import annotations

from app.audit.entries import AuditEntry, record

__all__ = ["AuditEntry", "record"]

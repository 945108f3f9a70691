"""Who is told of changes (推送订阅), and each thing to tell (推送记录)."""
from __future__ import annotations

import secrets
import uuid
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import BigInteger, Boolean, DateTime, ForeignKey, Index, Integer, Numeric, String, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import columns as col
from app.core.base import Base, Choice, now
from app.core.sealed import sealer

KEPT_DAYS = 30


class DeliveryState(Choice):
    """How far a delivery is."""

    waiting = "waiting", _("Waiting"), "blue"
    delivered = "delivered", _("Delivered"), "green"
    failed = "failed", _("Failed"), "red"


class Webhook(Base):
    """An address that is told of changes; triggers on the registers look here whether anybody wants to know."""

    __tablename__ = "webhook"
    __table_args__ = ({"info": {"audited": True, "unsaid": "secret"}},)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    uid: Mapped[uuid.UUID] = mapped_column(Uuid, default=uuid.uuid4, server_default=text("gen_random_uuid()"))
    name: Mapped[str] = mapped_column(String(80))
    url: Mapped[str] = mapped_column(String(500))
    secret: Mapped[str] = mapped_column(Text)
    """The key of the signatures, sealed."""
    registers: Mapped[list[str]] = mapped_column(JSONB)
    """The registers whose changes are told; empty for all."""
    actions: Mapped[list[str]] = mapped_column(JSONB)
    """Of ``insert``, ``update``, ``delete``."""
    within: Mapped[str | None] = mapped_column(Text(collation="C"))
    """The division whose rows are meant, with everything below; empty for all."""
    active: Mapped[bool] = mapped_column(Boolean, default=True, server_default="true")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now, server_default=text("now()"))

    def renew_secret(self) -> str:
        """A new key; answers with its text, which is shown once."""
        self.uid = self.uid or uuid.uuid4()
        said = secrets.token_urlsafe(32)
        self.secret = sealer().seal(said, "webhook", "secret", str(self.uid), "hidden")
        return said

    def open_secret(self) -> str:
        """The key, to sign with."""
        return sealer().open(self.secret, "webhook", "secret", str(self.uid))


class Delivery(Base):
    """One thing to tell one address: which row of which register, and the names of the columns that changed, never a value."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        col.choice_check("state", DeliveryState), Index("ix_webhook_delivery_state_next_at", "state", "next_at"),
        {"info": {"kept": ("at", KEPT_DAYS)}},
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    uid: Mapped[uuid.UUID] = mapped_column(Uuid, default=uuid.uuid4, server_default=text("gen_random_uuid()"))
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now, server_default=text("clock_timestamp()"))
    register: Mapped[str] = mapped_column(String(60), default="", server_default="")
    row_id: Mapped[int | None] = mapped_column(BigInteger)
    action: Mapped[str] = mapped_column(String(10))
    """``insert``, ``update``, ``delete``, or ``ping`` for a trial from the console."""
    fields: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default="[]")
    state: Mapped[DeliveryState] = col.choice(_("Status"), DeliveryState, default=DeliveryState.waiting, server_default="waiting")
    attempts: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    next_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now, server_default=text("now()"))
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    seconds: Mapped[float | None] = mapped_column(Numeric(8, 2, asdecimal=False))
    answer: Mapped[int | None] = mapped_column(Integer)
    """The status that the address answered last."""
    fault: Mapped[str] = mapped_column(String(300), default="", server_default="")

    webhook: Mapped[Webhook] = relationship(lazy="joined", innerjoin=True)

    def payload(self) -> dict[str, Any]:
        """What is sent."""
        return {"delivery": str(self.uid), "event": f"{self.register}.{self.action}" if self.register else self.action,
                "at": self.at.isoformat(), "register": self.register or None, "id": self.row_id, "fields": self.fields}

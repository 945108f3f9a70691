"""Working off the outbox (推送队列): what is due is sent, what fails is tried again later and later, and all of it is noted."""
from __future__ import annotations

import time
from datetime import timedelta

from sqlalchemy import select, update

from app.core.base import now
from app.core.task import Errand
from app.database import db
from app.web.events.models import Delivery, DeliveryState, Webhook
from app.web.events.sending import send

WAITS = tuple(timedelta(seconds=each) for each in (60, 300, 1800, 7200, 21600, 43200))
"""The pauses after each failure; after the last one it is given up, and only the console sends it again."""
REST = timedelta(seconds=60)
AT_ONCE = 20
"""Seconds that one errand works, so that documents need not wait long for it."""


def _waiting() -> tuple[object, ...]:
    return Delivery.state == DeliveryState.waiting, Delivery.next_at <= now(), Webhook.active


def is_due() -> bool:
    """Whether there is anything to send now."""
    query = select(Delivery.id).join(Webhook, Webhook.id == Delivery.webhook_id).where(*_waiting()).limit(1)  # type: ignore[arg-type]
    return db.session.scalar(query) is not None


def _taken() -> Delivery | None:
    """The oldest delivery that is due, noted as tried before it is, so that a receiver that kills the worker cannot do so for ever."""
    query = select(Delivery.id).join(Webhook, Webhook.id == Delivery.webhook_id).where(*_waiting()).order_by(Delivery.id)  # type: ignore[arg-type]
    number = db.session.scalar(query.limit(1).with_for_update(of=Delivery, skip_locked=True))
    if number is None:
        return None
    taken = db.session.get(Delivery, number, populate_existing=True)
    taken.attempts += 1
    taken.next_at = now() + _pause(taken.attempts)
    db.session.commit()
    return db.session.get(Delivery, number)


def _pause(attempts: int) -> timedelta:
    return WAITS[min(attempts, len(WAITS)) - 1]


def _note(delivery: Delivery, status: int | None, fault: str, began: float) -> None:
    delivery.sent_at, delivery.seconds, delivery.answer, delivery.fault = now(), round(time.monotonic() - began, 2), status, fault
    if not fault:
        delivery.state = DeliveryState.delivered
    else:
        delivery.state = DeliveryState.failed if delivery.attempts > len(WAITS) else DeliveryState.waiting
        _let_rest(delivery.webhook_id)
    db.session.commit()


def _let_rest(webhook_id: int) -> None:
    """Send nothing to an address for a minute after it failed."""
    until = now() + REST
    db.session.execute(update(Delivery).where(
        Delivery.webhook_id == webhook_id, Delivery.state == DeliveryState.waiting, Delivery.next_at < until).values(next_at=until))


def work_off() -> int:
    """Send what is due, for a while; how many were sent. Each is committed by itself."""
    done, ends = 0, time.monotonic() + AT_ONCE
    while time.monotonic() < ends and (delivery := _taken()) is not None:
        began = time.monotonic()
        status, fault = send(delivery)
        _note(delivery, status, fault, began)
        done += 1
    db.session.rollback()
    return done


def send_again(delivery: Delivery) -> None:
    """Let a delivery be sent once more, with all its attempts before it; the caller commits."""
    delivery.state, delivery.attempts, delivery.next_at, delivery.fault = DeliveryState.waiting, 0, now(), ""


errands = {"events": Errand("events", is_due, work_off)}

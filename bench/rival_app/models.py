"""The same tables for Django."""
from __future__ import annotations

from django.db import models


class LawFirm(models.Model):
    """A law firm."""

    name = models.CharField(max_length=100)

    class Meta:
        db_table = "law_firm"

    def __str__(self) -> str:
        return str(self.name)


class Lawyer(models.Model):
    """A lawyer."""

    name = models.CharField(max_length=50)

    class Meta:
        db_table = "lawyer"

    def __str__(self) -> str:
        return str(self.name)


class Contract(models.Model):
    """A contract."""

    division = models.CharField(max_length=60)
    number = models.CharField(max_length=50)
    client = models.CharField(max_length=100)
    firm = models.ForeignKey(LawFirm, models.PROTECT)
    lawyer = models.ForeignKey(Lawyer, models.PROTECT, null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    fee = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    state = models.CharField(max_length=40, choices=[(s, s) for s in ("draft", "active", "ended", "terminated")])

    class Meta:
        db_table = "legal_contract"

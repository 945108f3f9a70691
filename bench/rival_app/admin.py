"""The admin's pages of the contracts."""
from __future__ import annotations

from django.contrib import admin

from bench.rival_app.models import Contract


@admin.register(Contract)
class ContractAdmin(admin.ModelAdmin):
    """As the documentation advises for many rows: related rows are joined."""

    list_display = ("division", "number", "client", "firm", "lawyer", "ends_on", "fee", "state")
    list_filter = ("state",)
    search_fields = ("number", "client")
    list_select_related = ("firm", "lawyer")
    list_per_page = 20
    ordering = ("-id",)

"""Attachments (附件): files and photographs that belong to a record and live under its rights."""

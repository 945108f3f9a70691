"""The contracts as a Django application."""

"""The same contracts in a stock Flask-AppBuilder, in Django's admin and in the console, measured side by side (对比测速)."""

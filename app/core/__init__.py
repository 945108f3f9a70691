"""The language registers are written in; it imports nothing of the other rooms."""

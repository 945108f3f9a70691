"""The subjects of the county's work, one package each, one file per register."""

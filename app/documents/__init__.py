"""Documents (公文): a template and its figures become a PDF; this room knows no subject."""

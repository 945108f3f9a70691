"""What can go wrong with a document (公文), in words that say what to do."""
from __future__ import annotations


class DocumentError(Exception):
    """A document could not be made; the message says why."""


class FiguresRefused(DocumentError):
    """The figures do not fit the schema of their document."""


class TemplateRefused(DocumentError):
    """The template asks for what the figures do not hold, or for what it may not do."""


class RenderFailed(DocumentError):
    """The layout of the document failed, took too long or too much memory."""


class LayoutRefused(DocumentError):
    """The finished paper departs from the standard; the message names each departure."""

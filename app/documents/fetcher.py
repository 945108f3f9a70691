"""The closed fetcher: a document reads its own folder, the shared one and data: addresses, nothing else."""
from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

LARGEST = 10 * 1024 * 1024


class ClosedFetcher(URLFetcher):
    """Refuses, and stops the document, for any address outside its folders."""

    def __init__(self, folders: Iterable[Path]) -> None:
        super().__init__(allowed_protocols={"file", "data"}, allow_redirects=False, fail_on_errors=True)
        self.folders = tuple(Path(folder).resolve() for folder in folders)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Return what the address holds, if it may be read."""
        scheme = urlsplit(url).scheme.lower()
        if scheme == "data":
            return super().fetch(url, headers)
        if scheme != "file" or urlsplit(url).netloc:
            raise FatalURLFetchingError(f"A document may not fetch {url[:120]}")
        self.check(url)
        return super().fetch(url, headers)

    def check(self, url: str) -> None:
        """Refuse a file outside the folders, also by way of links and dots, and one too large."""
        path = Path(url2pathname(unquote(urlsplit(url).path))).resolve()
        if not any(path.is_relative_to(folder) for folder in self.folders) or not path.is_file():
            raise FatalURLFetchingError(f"A document may not read {path.name}: it is not in the document's own folder")
        if path.stat().st_size > LARGEST:
            raise FatalURLFetchingError(f"{path.name} is larger than {LARGEST // 1024 // 1024} MB")

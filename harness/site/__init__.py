"""Boards as a folder of web pages that need no network and no server."""

from .build import write_site

__all__ = ["write_site"]

"""Boards as a folder of web pages that need no network and no server."""

from .board_pages import write_site

__all__ = ["write_site"]

"""Self-contained web pages of boards, without network or server."""

from .board_pages import write_site

__all__ = ["write_site"]

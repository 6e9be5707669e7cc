"""Web pages of a report: one per board, encoder and cell, drawn from a store."""

from .build import MAPS, Report, write_report

__all__ = ["MAPS", "Report", "write_report"]

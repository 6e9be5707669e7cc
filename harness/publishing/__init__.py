"""Boards that others can check: a folder with tables, records and labels is written, verified and merged."""

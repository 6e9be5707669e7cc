"""Suites of datasets: files, folders and built-in ones; read, fetched and planned."""

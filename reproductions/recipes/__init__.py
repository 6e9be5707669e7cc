"""Bench files of published pipelines, and what their reports print."""

"""Leaderboards of suites: methods by datasets, with ranks, wins, profiles and cost."""

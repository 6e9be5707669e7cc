"""Turn records into leaderboards: columns, rows, statistics, significance, every text format."""

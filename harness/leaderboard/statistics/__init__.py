"""Statistics of boards: intervals, shares of variance, what differs from the best, ranks over datasets."""

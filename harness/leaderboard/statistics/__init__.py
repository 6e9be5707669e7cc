"""Statistics of boards: intervals, shares of variance, differences from the best, ranks over datasets."""

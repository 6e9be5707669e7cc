"""Pictures of a cell: one kind a file; each is drawn from what a store has, and nothing is fitted again."""

"""Write, verify and merge published folders: tables, records and labels that others can check."""

"""What there is to find out about a lock: its paths, its files, and what is newer."""

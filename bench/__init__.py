"""How fast it is, side by side with what else does the work."""

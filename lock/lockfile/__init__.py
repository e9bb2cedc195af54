"""The lock as a file: put together from what was chosen, written, and read back."""

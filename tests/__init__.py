"""The tests: a folder for each room, and `support` for what they share."""

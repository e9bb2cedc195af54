"""The data that every step speaks of: requirements, targets, packages and their files, builds."""

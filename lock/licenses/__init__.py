"""Licences: what metadata tells of them, where metadata are found, and what a policy allows."""

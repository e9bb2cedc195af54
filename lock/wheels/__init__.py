"""Reads wheels for what they need of the system that they run on."""

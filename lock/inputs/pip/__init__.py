"""Reads requirements.txt and similar files as pip does."""

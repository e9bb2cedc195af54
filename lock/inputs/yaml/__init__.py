"""Reads requirements.yaml."""

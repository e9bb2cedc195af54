"""Runs programs of packages and scripts in environments that are made for them."""

"""Reads TOML and YAML, and gathers what is wrong with a file, with lines and keys."""

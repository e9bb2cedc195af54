"""The HTML report on an environment (docs/report.md)."""

"""Answers about a lock: `tree`, `why`, `explain`, `outdated` and `verify`."""

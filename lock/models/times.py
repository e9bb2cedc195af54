"""Times (RFC 3339), in UTC."""

import re
from datetime import UTC, datetime, timedelta

from lock.errors import UsageError


def utc_time(text: str) -> str:
    """Return a time in UTC, RFC 3339; a date stands for its end.

    Raises UsageError for a text that is neither.
    """
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            time = datetime.fromisoformat(text).replace(tzinfo=UTC) + timedelta(days=1)
        else:
            time = datetime.fromisoformat(text)
        if time.tzinfo is None:
            raise ValueError
        return time.astimezone(UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError):
        raise UsageError(
            f'"{text}" is no time; write a date such as 2026-01-31, or 2026-01-31T12:00:00Z'
        ) from None

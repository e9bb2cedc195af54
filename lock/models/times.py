"""Times (RFC 3339), in UTC."""

import re
from datetime import UTC, datetime, timedelta

from lock.errors import UsageError

# uv's documentation, "Reproducible resolutions": a time span before now, in words or as ISO 8601.
SPAN = re.compile(r"(?P<count>\d+) ?(?P<unit>h|d|w|hours?|days?|weeks?)|P(?P<days>\d+)D")
HOURS = {"h": 1, "d": 24, "w": 168}


def is_span(text: str) -> bool:
    """Return whether a text is a span of time, such as "7 days"."""
    return SPAN.fullmatch(text) is not None


def utc_time(text: str) -> str:
    """Return a time in UTC, RFC 3339; a date stands for its end, a span for the time before now.

    Raises UsageError for a text that is none of them.
    """
    span = SPAN.fullmatch(text)
    if span is not None:
        unit = (span["unit"] or "d")[0]
        hours = int(span["count"] or span["days"]) * HOURS[unit]
        # To the day, so that runs of the same day agree.
        today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        before = today + timedelta(days=1) - timedelta(hours=hours)
        return before.isoformat().replace("+00:00", "Z")
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

"""When to collect, and which days: windows, nights, and the end of a wait."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sources.connectors.harvests import Window

FIRST_MONTHS = 3  # whole months that a first collection goes back, where the source does not say otherwise
RESTATED = timedelta(days=35)  # so long platforms correct what they said
SOON = timedelta(hours=1)
NIGHT_BEGINS = timedelta(hours=1)  # UTC
NIGHT_MINUTES = 240
APART = timedelta(hours=6)  # from the end of a collection to the next night's, at least
PACIFIC = ZoneInfo("America/Los_Angeles")  # where the day of Google's quotas ends


def window_of(
    today: date, collected_until: date | None, months: int = FIRST_MONTHS, reached: date | None = None
) -> Window:
    """Return the days to collect, whole months up to yesterday; `collected_until` is None for a first collection.

    Later ones read again what platforms may have corrected, and the last month collected, which was not over then.
    `reached` is the first day that any of them asked for: one whose `months` go further back goes there, once.
    """
    yesterday, first = today - timedelta(days=1), _month_start(today, months)
    if collected_until and (reached is None or reached <= first):
        first = min(today - RESTATED, collected_until).replace(day=1)
    return Window(min(first, yesterday.replace(day=1)), yesterday)


def is_new_week(collected_until: date, day: date) -> bool:
    """Return whether a day is of another week, Monday to Sunday, than the last day that was collected."""
    return collected_until.isocalendar()[:2] != day.isocalendar()[:2]


def next_night(now: datetime, source_id: int) -> datetime:
    """Return when, in the next night, the turn of a source comes: they are spread over some hours."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    turn = midnight + NIGHT_BEGINS + timedelta(minutes=source_id * 47 % NIGHT_MINUTES)
    while turn - now < APART:
        turn += timedelta(days=1)
    return turn


def quota_renewed(now: datetime, wait: float | None, *, by_google: bool) -> datetime:
    """Return when a quota that is used up is there again; without a `wait` (seconds) the platform's day has to end."""
    if wait is not None:
        return now + timedelta(seconds=wait)
    if not by_google:
        return now + SOON
    tomorrow = now.astimezone(PACIFIC).date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=PACIFIC).astimezone(UTC)


def _month_start(day: date, months_back: int) -> date:
    months = day.year * 12 + day.month - 1 - months_back
    return date(months // 12, months % 12 + 1, 1)

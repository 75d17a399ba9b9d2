"""Changing how a source is collected: what differs from the defaults is stored, and counts from the next collection."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from sources.connecting.platforms import PLATFORMS
from sources.errors import DataError
from sources.models import Checkpoint, DataSource


def options_of(source: DataSource) -> dict[str, Any]:
    """Return every option of a source with the value that is used; none for files."""
    platform = PLATFORMS.get(source.kind)
    return platform.effective(source.options) if platform else {}


@transaction.atomic
def change_options(*, source: DataSource, chosen: Mapping[str, Any]) -> bool:
    """Store how a source is to be collected; returns whether that is a change.

    What is stored under other names stays. A way that is not finished is given up, since a part of it was read as
    before: the next collection begins anew. Where it is changed what counts, that one reads all days again, so that
    no month is counted otherwise than the others. Raises DataError while a collection is queued or running.
    """
    # The lock also keeps a collection from being queued before this is stored: its foreign key needs the row.
    source = DataSource.objects.select_for_update().get(pk=source.pk)
    options = PLATFORMS[source.kind].options
    before = options_of(source)
    changed = {option.name for option in options if chosen.get(option.name, before[option.name]) != before[option.name]}
    if not changed:
        return False
    if source.collections.open().exists():
        raise DataError(
            f"“{source}” is being collected just now. Wait until that is done, or cancel it, then change how."
        )
    values = source.options | {name: chosen[name] for name in changed}
    defaults = {option.name: option.default for option in options}
    source.options = {name: value for name, value in values.items() if name not in defaults or value != defaults[name]}
    source.save(update_fields=["options"])
    if any(option.is_what_counts for option in options if option.name in changed):
        source.cycles.update(is_outdated=True)
    _begin_anew(source)
    return True


def _begin_anew(source: DataSource) -> None:
    """Give up the way that is not finished; groups whose size is to be asked for are asked about in the next."""
    Checkpoint.objects.filter(cycle__source=source, cycle__finished_at=None).delete()

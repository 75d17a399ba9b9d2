"""Files that go into a source of a platform: what they take away of what was collected there."""

from sources.models import DataSource
from sources.overview import line_of


def replacing_words(source: DataSource) -> str:
    """Say what a file of interactions that replaces deletes of what was collected; "" for a source of files."""
    if source.kind == DataSource.Kind.FILES:
        return ""
    platform, count = source.get_kind_display(), line_of(source).interactions
    holds = f" (the source holds {count:,.0f} interactions now)" if count else ""
    if source.link == "disconnected":
        was, after = "was", "The platform can be asked for them again only once the source is connected again."
    else:
        was, after = "is", "The next collection reads all its days again, and stores what the platform tells."
    return (
        f"“{source}” {was} collected from {platform}. A file that replaces deletes what was collected of the months "
        f"that it names{holds}. {after} To keep both, import the file into another source."
    )

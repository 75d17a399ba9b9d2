"""The photo library, what was read of comments, and what people decided about topics, names, quotes and words."""

from enrichment.models.comments import CommentReading, HiddenQuote, ListedWord
from enrichment.models.names import NameEntry
from enrichment.models.packs import PackRun, PhotoPack
from enrichment.models.photos import Photo, PhotoPlace
from enrichment.models.topics import TopicRule

__all__ = [
    "CommentReading",
    "HiddenQuote",
    "ListedWord",
    "NameEntry",
    "PackRun",
    "Photo",
    "PhotoPack",
    "PhotoPlace",
    "TopicRule",
]

"""The photo library with the packs that photos came in, and what was read of comments."""

from enrichment.models.comments import CommentReading, HiddenQuote, ListedWord
from enrichment.models.packs import PackRun, PhotoPack
from enrichment.models.photos import Photo, PhotoPlace

__all__ = ["CommentReading", "HiddenQuote", "ListedWord", "PackRun", "Photo", "PhotoPack", "PhotoPlace"]

"""The photo library with the packs that it came in, and what people decided about topics and names."""

from enrichment.models.names import NameEntry
from enrichment.models.packs import PackRun, PhotoPack
from enrichment.models.photos import Photo, PhotoPlace
from enrichment.models.topics import TopicRule

__all__ = ["NameEntry", "PackRun", "Photo", "PhotoPack", "PhotoPlace", "TopicRule"]

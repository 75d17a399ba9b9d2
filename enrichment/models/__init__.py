"""The photo library: pictures of real people with what they show, and the packs that they came in."""

from enrichment.models.packs import PackRun, PhotoPack
from enrichment.models.photos import Photo, PhotoPlace

__all__ = ["PackRun", "Photo", "PhotoPack", "PhotoPlace"]

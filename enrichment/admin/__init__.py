"""The photo library in the admin: packs are handed in here, and photos curated; and what is read of comments.

A superuser sees and changes everything. A member of staff with the permissions sees the photos of the organizations
that he or she administers, and the shared ones, which only a superuser changes. Photos themselves are registered by
the app that knows who shows them.
"""

from enrichment.admin import comments, packs, words

__all__ = ["comments", "packs", "words"]

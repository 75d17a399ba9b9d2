"""The data in the admin: looked at in detail, changed where a person decides.

A superuser sees and changes everything. A member of staff with the permissions sees and changes what belongs to the
organizations that he or she administers.
"""

from sources.admin import connections, data, estimates, people, tokens, uploads

__all__ = ["connections", "data", "estimates", "people", "tokens", "uploads"]

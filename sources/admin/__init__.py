"""The data in the admin: looked at in detail, changed where a person decides.

Who may do what is Django's own matter: a superuser sees all organizations, and so does a member of staff for the models
that the permissions name. Memberships rule the pages of an organization, not the admin.
"""

from sources.admin import connections, data, estimates, people, tokens, uploads

__all__ = ["connections", "data", "estimates", "people", "tokens", "uploads"]

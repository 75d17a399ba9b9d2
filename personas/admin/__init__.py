"""The personas in the admin: what programs made is looked at, what they may have got wrong is corrected.

A superuser sees and changes everything. A member of staff with the permissions sees and changes the identities and the
topics of the organizations that he or she administers; the names, which all organizations share, are for superusers.
"""

from django.contrib import admin

from enrichment.models import Photo
from personas.admin import identities, names, sets, topics
from personas.models import Note
from personas.note_admin import NoteAdmin
from personas.photo_admin import UsedPhotoAdmin

__all__ = ["identities", "names", "sets", "topics"]

admin.site.register(Photo, UsedPhotoAdmin)
admin.site.register(Note, NoteAdmin)

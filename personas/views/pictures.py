"""The face of an identity: the stored picture for members only, or initials until there is one."""

from pathlib import PurePath

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from personas.models import Identity
from sources.access import membership_of

TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}
TINTS = ("#dfe8e5", "#e6e3ee", "#ece5da", "#dfe6ee", "#eee0de", "#e4e9d9")


@login_required
@require_safe
def identity_picture(request: HttpRequest, organization: str, pk: int) -> HttpResponse:
    """The picture; its address carries its file's name, so that a browser may keep it for a day."""
    member = membership_of(request, organization)
    identity = get_object_or_404(Identity, pk=pk, organization=member.organization)
    response = _stored(identity) or _initials(identity)
    response["Cache-Control"] = "private, max-age=86400" if identity.picture else "private, max-age=60"
    return response


def _stored(identity: Identity) -> HttpResponse | None:
    kind = TYPES.get(PurePath(identity.picture.name or "").suffix.lower())
    if kind is None or not identity.picture.storage.exists(identity.picture.name):
        return None
    return FileResponse(identity.picture.open("rb"), content_type=kind)


def _initials(identity: Identity) -> HttpResponse:
    words = identity.name.split()
    letters = "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()
    drawn = render_to_string("personas/initials.svg", {"letters": letters, "tint": TINTS[identity.pk % len(TINTS)]})
    return HttpResponse(drawn, content_type="image/svg+xml")

"""What people write about a persona, on its page."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from personas.models import Note, Persona
from personas.notes import note_lines
from personas.noting import write_note
from sources.access import editor_of, membership_of
from sources.errors import DataError


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def persona_note(request: HttpRequest, organization: str, pk: int, kind: str) -> HttpResponse:
    """Write the note of a kind (text=; blank takes it away); looking at it leads to the persona."""
    member = editor_of(request, organization) if request.method == "POST" else membership_of(request, organization)
    persona = get_object_or_404(Persona.objects.of(member.organization).with_profile(), pk=pk)
    if kind not in Note.Kind.values:
        raise Http404("no such kind of note")
    wrong, status = {}, 200
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            write_note(identity=persona.identity, kind=kind, text=text, author=request.user)
        except DataError as error:
            wrong, status = {kind: (text, str(error))}, 200 if request.htmx else 400
    if not wrong and not request.htmx:
        return redirect("persona", organization, pk)
    context = {
        "organization": member.organization,
        "membership": member,
        "persona": persona,
        "identity": persona.identity,
        "notes": note_lines(persona.identity, wrong),
    }
    template = "personas/_card_notes.html" if request.htmx else "personas/note.html"
    return render(request, template, context, status=status)

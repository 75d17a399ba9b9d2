"""Handing in files: choose them, look at what was understood, confirm."""

from pathlib import Path
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sources.access import editor_of
from sources.connectors.records import FileError
from sources.errors import DataError
from sources.forms import MappingForm, UploadForm
from sources.importing import KINDS
from sources.models import Collection, DataSource, Membership, Upload
from sources.replacing import replacing_words
from sources.uploading import UnreadableFiles, confirm_upload, discard_upload, preview_upload, store_upload

TEMPLATES = Path(__file__).parent.parent / "data" / "templates"


@login_required
@require_safe
def csv_template(request: HttpRequest, kind: str) -> FileResponse:
    """A small CSV with the columns and a few rows, to fill in."""
    if kind not in KINDS:
        raise Http404
    return FileResponse((TEMPLATES / f"{kind}.csv").open("rb"), as_attachment=True, filename=f"{kind}-template.csv")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload_new(request: HttpRequest, organization: str) -> HttpResponse:
    """Choose files: ?source= and ?mode= are preselected."""
    membership = editor_of(request, organization)
    form = UploadForm(request.POST or None, request.FILES or None, initial=_wishes(request, membership))
    if request.method == "POST" and form.is_valid():
        try:
            upload = store_upload(organization=membership.organization, created_by=request.user, given=form.files_given)
        except UnreadableFiles as error:
            for kind, words in error.words.items():
                form.add_error(kind, words)
        else:
            chosen = {"source": form.cleaned_data["source"], "mode": form.cleaned_data["mode"]}
            return redirect(f"{reverse('upload_mapping', args=[organization, upload.pk])}?{urlencode(chosen)}")
    context = {"membership": membership, "organization": membership.organization, "form": form}
    return render(request, "sources/upload_new.html", context | {"known": membership.organization.sources.all()})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload_mapping(request: HttpRequest, organization: str, pk: int) -> HttpResponse:
    """What was understood of the files, to correct and confirm: ?source= and ?mode= are preselected."""
    membership = editor_of(request, organization)
    upload = get_object_or_404(Upload, organization=membership.organization, pk=pk)
    try:
        previews = preview_upload(upload)
    except (FileError, OSError):
        messages.error(request, "The files of this upload are gone or damaged. Please upload them again.")
        return redirect("upload_new", organization=organization)
    wishes = _wishes(request, membership)
    form = MappingForm(request.POST or None, initial=wishes, previews=previews, names=upload.names)
    if request.method == "POST" and form.is_valid():
        try:
            collection = _confirm(request, upload, form)
        except DataError as error:
            form.add_error(None, str(error))
        else:
            return redirect("collection", organization=organization, pk=collection.pk)
    source = getattr(form, "cleaned_data", {}).get("source") or wishes["source"]
    known = membership.organization.sources.filter(name=source).select_related("connection").first()
    context = {
        "membership": membership,
        "organization": membership.organization,
        "upload": upload,
        "form": form,
        "source_name": source,
        "known": known,
        "warning": replacing_words(known) if known and "interactions" in previews else "",
        "discardable": not upload.collections.exists(),
    }
    return render(request, "sources/upload_mapping.html", context)


@login_required
@require_POST
def upload_discard(request: HttpRequest, organization: str, pk: int) -> HttpResponse:
    membership = editor_of(request, organization)
    upload = get_object_or_404(Upload, organization=membership.organization, pk=pk)
    try:
        discard_upload(upload=upload)
        messages.success(request, "The files were thrown away.")
    except DataError as error:
        messages.error(request, str(error))
    return redirect("sources", organization=organization)


def _confirm(request: HttpRequest, upload: Upload, form: MappingForm) -> Collection:
    return confirm_upload(
        upload=upload,
        source_name=form.cleaned_data["source"],
        requested_by=request.user,
        mapping=form.mapping,
        mode=form.cleaned_data.get("mode", Collection.Mode.REPLACE),
        period=form.cleaned_data.get("period", ""),
    )


def _wishes(request: HttpRequest, membership: Membership) -> dict[str, str]:
    """The source and the mode that the address asks for; else the source of files used last.

    Never by itself one of a platform: a file would replace what was collected.
    """
    latest = Collection.objects.of(membership.organization).filter(source__kind=DataSource.Kind.FILES).first()
    asked = request.GET.get("source", "").replace("\0", "").strip()[:120]
    source = asked or (latest.source.name if latest else "Files")
    mode = request.GET.get("mode")
    return {"source": source, "mode": mode if mode in Collection.Mode.values else Collection.Mode.REPLACE}

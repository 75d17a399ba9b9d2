"""One collection: its progress while it runs, its report when it is over, and the rows left out."""

from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from sources.access import editor_of, membership_of
from sources.models import Collection, Membership
from sources.queueing import is_worked_on
from sources.reporting import report_of
from sources.stepping import Stage, steps_of

STAGES = (
    Stage("reading", "Check", "Checking every row"),
    Stage("store", "Write", "Writing the accepted rows"),
    Stage("report", "Report", "Writing the report"),
)
STOP_POLLING = 286


@login_required
@require_safe
def collection(request: HttpRequest, organization: str, pk: int) -> HttpResponse:
    membership, run = _found(request, organization, pk)
    return render(request, "sources/collection.html", _context(membership, run))


@login_required
@require_safe
def collection_progress(request: HttpRequest, organization: str, pk: int) -> HttpResponse:
    """The part of the page that changes; tells the browser to ask no more once the run is over."""
    membership, run = _found(request, organization, pk)
    status = 200 if run.is_open else STOP_POLLING
    return render(request, "sources/_collection.html", _context(membership, run), status=status)


@login_required
@require_POST
def collection_cancel(request: HttpRequest, organization: str, pk: int) -> HttpResponse:
    editor_of(request, organization)
    _, run = _found(request, organization, pk)
    run.request_cancel()
    return redirect("collection", organization=organization, pk=pk)


@login_required
@require_safe
def collection_rejects(request: HttpRequest, organization: str, pk: int) -> FileResponse:
    """The rows left out, as a file."""
    _, run = _found(request, organization, pk)
    if not run.rejects_file:
        raise Http404("This collection left out no rows.")
    name = f"rejected-{run.pk}{Path(run.rejects_file.name).suffix}"
    try:
        return FileResponse(run.rejects_file.open("rb"), as_attachment=True, filename=name)
    except FileNotFoundError:
        raise Http404("The file of rejected rows is gone.") from None


def _found(request: HttpRequest, organization: str, pk: int) -> tuple[Membership, Collection]:
    membership = membership_of(request, organization)
    runs = Collection.objects.of(membership.organization).select_related("upload")
    return membership, get_object_or_404(runs, pk=pk)


def _context(membership: Membership, run: Collection) -> dict:
    return {
        "membership": membership,
        "organization": membership.organization,
        "run": run,
        "steps": steps_of(run, STAGES),
        "unattended": run.state == Collection.State.QUEUED and not is_worked_on(),
        "report": report_of(run) if run.state == Collection.State.DONE else None,
    }

"""One collection: its progress while it runs, its report when it is over, and the rows left out."""

from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from sources.collecting.collected import STAGES, collected_of, is_cut_off
from sources.collecting.wanting import waiting_of
from sources.models import Collection, Membership
from sources.reporting import report_of
from sources.stepping import Stage
from sources.views.progress import cancel_run, context_of, find_run, render_progress

FILE_STAGES = (
    Stage("reading", "Check", "Checking every row"),
    Stage("store", "Write", "Writing the accepted rows"),
    Stage("report", "Report", "Writing the report"),
)
RUNS = Collection.objects.select_related("upload", "source__connection")


@login_required
@require_safe
def collection(request: HttpRequest, organization: str, pk: int) -> HttpResponse:
    return render(request, "sources/collection.html", _context(*find_run(request, organization, pk, RUNS)))


@login_required
@require_safe
def collection_progress(request: HttpRequest, organization: str, pk: int) -> HttpResponse:
    """The part of the page that changes."""
    context = _context(*find_run(request, organization, pk, RUNS))
    return render_progress(request, "sources/_collection.html", context)


@login_required
@require_POST
def collection_cancel(request: HttpRequest, organization: str, pk: int) -> HttpResponse:
    cancel_run(request, organization, pk, RUNS)
    return redirect("collection", organization=organization, pk=pk)


@login_required
@require_safe
def collection_rejects(request: HttpRequest, organization: str, pk: int) -> FileResponse:
    """The rows left out, as a file."""
    _, run = find_run(request, organization, pk, RUNS)
    if not run.rejects_file:
        raise Http404("This collection left out no rows.")
    name = f"rejected-{run.pk}{Path(run.rejects_file.name).suffix}"
    try:
        return FileResponse(run.rejects_file.open("rb"), as_attachment=True, filename=name)
    except FileNotFoundError:
        raise Http404("The file of rejected rows is gone.") from None


def _context(membership: Membership, run: Collection) -> dict:
    if not run.reads_files:
        told = {"collected": collected_of(run), "is_cut_off": is_cut_off(run), "waiting": waiting_of(run.source)}
        return context_of(membership, run, STAGES) | told
    report = report_of(run) if run.state == Collection.State.DONE else None
    return context_of(membership, run, FILE_STAGES) | {"report": report}

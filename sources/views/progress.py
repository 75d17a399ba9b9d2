"""A run on its page, whatever it does: found, told in steps, asked for until it is over, cancelled."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from sources.access import editor_of, membership_of
from sources.models import Membership
from sources.queueing import is_worked_on
from sources.runs import Run, RunQuerySet
from sources.stepping import Stage, steps_of

STOP_POLLING = 286  # htmx asks no more


def find_run(request: HttpRequest, organization: str, pk: int, runs: RunQuerySet) -> tuple[Membership, Run]:
    """Return the membership of the person and the run of that organization; 404 for everybody else."""
    membership = membership_of(request, organization)
    return membership, get_object_or_404(runs.of(membership.organization), pk=pk)


def context_of(membership: Membership, run: Run, stages: Sequence[Stage]) -> dict:
    """Return what every page of a run shows."""
    return {
        "membership": membership,
        "organization": membership.organization,
        "run": run,
        "steps": steps_of(run, stages),
        "unattended": run.state == Run.State.QUEUED and not is_worked_on(),
    }


def render_progress(request: HttpRequest, template: str, context: dict) -> HttpResponse:
    """Answer with the part of the page that changes, and tell the browser to ask no more once the run is over."""
    return render(request, template, context, status=200 if context["run"].is_open else STOP_POLLING)


def cancel_run(request: HttpRequest, organization: str, pk: int, runs: RunQuerySet) -> None:
    """Ask the run to stop; 404 for strangers, 403 for viewers."""
    membership = editor_of(request, organization)
    get_object_or_404(runs.of(membership.organization), pk=pk).request_cancel()

"""Generations: choose what to make personas of, follow the run, look back."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from personas.errors import GenerationError
from personas.estimating import Estimate, estimate
from personas.forms import AudienceForm, GenerationForm
from personas.generation import queue_generation
from personas.models import Generation, PersonaSet
from sources.access import editor_of, membership_of
from sources.errors import DataError
from sources.models import Membership, Organization
from sources.stepping import Stage
from sources.views.progress import cancel_run, context_of, find_run, render_progress

STAGES = (
    Stage("check", "Check", "Reading the interactions", counted=True),
    Stage("matrix", "Matrix", "Building the matrix of groups and contents"),
    Stage("patterns", "Patterns", "Looking for patterns of behaviour"),
    Stage("personas", "Personas", "Choosing the groups that stand for each pattern"),
    Stage("comments", "Comments", "Reading what people wrote", counted=True),
    Stage("enrich", "Enrich", "Giving names, faces and interests", counted=True),
    Stage("store", "Done", "Storing the personas"),
)
ON_A_PAGE = 20
RUNS = Generation.objects.select_related("requested_by")


@login_required
@require_safe
def generations(request: HttpRequest, organization: str) -> HttpResponse:
    """All generations, latest first: ?page="""
    membership = membership_of(request, organization)
    page = Paginator(RUNS.of(membership.organization), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"membership": membership, "organization": membership.organization, "page": page}
    return render(request, "personas/generation_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def generation_new(request: HttpRequest, organization: str) -> HttpResponse:
    """Choose what to make personas of; ?period=&unit=&sources= choose beforehand; `count` only looks at it."""
    membership = editor_of(request, organization)
    ours = membership.organization
    wished: dict[str, str | list[str]] = {name: request.GET[name] for name in ("period", "unit") if name in request.GET}
    if "sources" in request.GET:
        wished["sources"] = request.GET.getlist("sources")
    form = GenerationForm(request.POST or None, organization=ours, initial=wished)
    is_counting = "count" in request.POST
    if request.method == "POST" and not is_counting and form.is_valid():
        try:
            run = queue_generation(organization=ours, requested_by=request.user, **form.wish)
        except (DataError, GenerationError) as error:
            form.add_error(None, str(error))
        else:
            return redirect("generation", organization=organization, pk=run.pk)
    context = {
        "membership": membership,
        "organization": ours,
        "form": form,
        "has_sources": ours.sources.exists(),
        "open_run": Generation.objects.of(ours).open().first(),
        "is_counting": is_counting,
        "estimate": _estimate(ours, request.POST) if is_counting else None,
    }
    return render(request, "personas/generation_new.html", context)


@login_required
@require_safe
def generation_estimate(request: HttpRequest, organization: str) -> HttpResponse:
    """What a generation with these choices would work on: ?period=&unit=&sources="""
    membership = editor_of(request, organization)
    found = _estimate(membership.organization, request.GET)
    return render(request, "personas/_generation_estimate.html", {"estimate": found})


@login_required
@require_safe
def generation(request: HttpRequest, organization: str, pk: int) -> HttpResponse:
    return render(request, "personas/generation_run.html", _context(*find_run(request, organization, pk, RUNS)))


@login_required
@require_safe
def generation_progress(request: HttpRequest, organization: str, pk: int) -> HttpResponse:
    """The part of the page that changes; a run that is done leads on to its personas."""
    context = _context(*find_run(request, organization, pk, RUNS))
    answer = render_progress(request, "personas/_generation_run.html", context)
    if context["run"].state == Generation.State.DONE:
        answer["HX-Redirect"] = context["personas_address"]
    return answer


@login_required
@require_POST
def generation_cancel(request: HttpRequest, organization: str, pk: int) -> HttpResponse:
    cancel_run(request, organization, pk, RUNS)
    return redirect("generation", organization=organization, pk=pk)


def _estimate(organization: Organization, choices: QueryDict) -> Estimate | None:
    form = AudienceForm(choices, organization=organization)
    return estimate(organization, **form.audience) if form.is_valid() else None


def _context(membership: Membership, run: Generation) -> dict:
    address = reverse("personas", args=[membership.organization.slug])
    return context_of(membership, run, STAGES) | {
        "personas_address": f"{address}?{urlencode({'generation': run.pk})}",
        "has_older": PersonaSet.objects.of(membership.organization).exists(),
    }

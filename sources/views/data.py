"""The data page: the sources with what came from each, the collections, and the end of a source."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sources.access import admin_of, editor_of, membership_of
from sources.collecting.requesting import OnHold, queue_collection, refuse_on_hold
from sources.errors import DataError
from sources.models import Collection, Membership, Upload
from sources.organizing import delete_source
from sources.overview import line_of, sources_of

ON_A_PAGE = 20


@login_required
@require_safe
def sources(request: HttpRequest, organization: str) -> HttpResponse:
    """The sources of an organization and the collections that filled them: ?page="""
    membership = membership_of(request, organization)
    runs = Collection.objects.of(membership.organization).select_related("upload")
    lines = sources_of(membership.organization)
    context = {
        "membership": membership,
        "organization": membership.organization,
        "lines": lines,
        "urgent": sorted(lines, key=lambda line: line.link != "reconnect"),
        "page": Paginator(runs, ON_A_PAGE).get_page(request.GET.get("page")),
        "waiting": Upload.objects.filter(organization=membership.organization, collections=None),
        "is_admin": membership.role == Membership.Role.ADMIN,
        "held": request.GET.get("held", ""),
    }
    return render(request, "sources/sources.html", context)


@login_required
@require_POST
def source_collect(request: HttpRequest, organization: str, pk: int) -> HttpResponse:
    """Collect from a platform now; while a quota is used up only when the person insists.

    Leads to the collection that is queued, or to the one that is under way already.
    """
    membership = editor_of(request, organization)
    source = get_object_or_404(membership.organization.sources.select_related("connection"), pk=pk)
    try:
        if "insist" not in request.POST:
            refuse_on_hold(source)
        collection = queue_collection(source=source, requested_by=request.user)
    except OnHold as error:
        messages.warning(request, str(error))
        return redirect(f"{reverse('sources', args=[organization])}?held={source.pk}")
    except DataError as error:
        messages.error(request, str(error))
        collection = source.collections.open().first()
    if collection is None:
        return redirect("sources", organization=organization)
    return redirect("collection", organization=organization, pk=collection.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def source_delete(request: HttpRequest, organization: str, pk: int) -> HttpResponse:
    membership = admin_of(request, organization)
    source = get_object_or_404(membership.organization.sources, pk=pk)
    if request.method == "POST":
        try:
            delete_source(source=source)
        except DataError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"“{source}” and all that came from it are deleted.")
        return redirect("sources", organization=organization)
    context = {"membership": membership, "organization": membership.organization, "line": line_of(source)}
    return render(request, "sources/source_delete.html", context)

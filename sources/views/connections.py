"""Connecting accounts: what can be connected, the way to the platform and back, what to collect, and the end of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from sources.access import admin_of, editor_of
from sources.connecting.authorizing import begin, complete, take_begun
from sources.connecting.choosing import choices_of, choose, offers_of
from sources.connecting.disconnecting import Farewell, disconnect, shared_with
from sources.connecting.platforms import PLATFORMS, Platform
from sources.connecting.sessions import Provider, missing_settings
from sources.errors import DataError
from sources.models import Connection, Membership, Organization


@login_required
@require_safe
def connect(request: HttpRequest, organization: str) -> HttpResponse:
    """What can be connected, and what is; editors look, administrators connect."""
    membership = editor_of(request, organization)
    connections = membership.organization.connections.select_related("connected_by").prefetch_related("sources")
    context = {
        "platforms": [(platform, missing_settings(platform.provider)) for platform in PLATFORMS.values()],
        "lines": [(connection, choices_of(connection)) for connection in connections],
        "is_admin": membership.role == Membership.Role.ADMIN,
    }
    return render(request, "sources/connect.html", _context(membership) | context)


@login_required
@require_safe
def connection_begin(request: HttpRequest, organization: str, kind: str) -> HttpResponse:
    """Send the person to the platform: ?source= is the one to reconnect.

    A link leads here and no form, since the policy of the pages lets no form end at another site.
    """
    membership = admin_of(request, organization)
    platform = _platform(kind)
    source = None
    if "source" in request.GET:
        ours = membership.organization.sources.filter(kind=kind)
        source = get_object_or_404(ours, pk=_number(request.GET["source"]))
    try:
        address = begin(
            request.session,
            user=request.user,
            organization=membership.organization,
            kind=kind,
            redirect_uri=request.build_absolute_uri(reverse("connection_callback", args=[platform.provider])),
            source=source,
        )
    except DataError as error:
        messages.error(request, str(error))
        return redirect("connect", organization=organization)
    return redirect(address)


@login_required
@require_safe
def connection_callback(request: HttpRequest, provider: str) -> HttpResponse:
    """Where a platform sends the person back to; nothing is shown here, since the address holds a code."""
    if provider not in Provider.values:
        raise Http404("There is no such platform.")
    try:
        begun = take_begun(request.session, user=request.user, provider=provider, state=request.GET.get("state", ""))
    except DataError as error:
        messages.error(request, str(error))
        return redirect("home")
    slug = get_object_or_404(Organization, pk=begun.organization).slug
    membership = admin_of(request, slug)
    try:
        done = complete(begun, user=request.user, organization=membership.organization, query=request.GET.dict())
    except DataError as error:
        messages.error(request, str(error))
        return redirect("connect" if begun.source is None else "sources", organization=slug)
    if done.source:
        messages.success(request, f"“{done.source}” is connected again and will be collected shortly.")
        return redirect("sources", organization=slug)
    return redirect("connection_choose", organization=slug, pk=done.connection.pk, kind=done.kind)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def connection_choose(request: HttpRequest, organization: str, pk: int, kind: str) -> HttpResponse:
    """The channels, properties, pages or ad accounts that a permission reaches, to choose from."""
    membership = admin_of(request, organization)
    platform = _platform(kind)
    connection = get_object_or_404(membership.organization.connections, pk=pk, provider=platform.provider)
    if platform not in choices_of(connection):
        messages.error(request, f"This permission is not good for {platform.label}. Connect {platform.label} below.")
        return redirect("connect", organization=organization)
    context = _context(membership) | {"connection": connection, "platform": platform}
    try:
        offers = offers_of(connection, kind)
    except DataError as error:
        return render(request, "sources/connection_choose.html", context | {"problem": str(error)})
    if request.method == "POST":
        try:
            chosen = choose(connection=connection, kind=kind, ids=request.POST.getlist("account"), offers=offers)
        except DataError as error:
            messages.error(request, str(error))
        else:
            names = ", ".join(f"“{source}”" for source in chosen)
            messages.success(
                request,
                f"Connected: {names}. The first collection begins shortly; how many months it goes back stands in the "
                "options of the source.",
            )
            return redirect("sources", organization=organization)
    context |= {
        "offers": offers,
        "nothing_left": bool(offers) and not any(offer.can_be_chosen for offer in offers),
        "are_all_taken": all(offer.is_taken for offer in offers),
    }
    return render(request, "sources/connection_choose.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def connection_disconnect(request: HttpRequest, organization: str, pk: int) -> HttpResponse:
    membership = admin_of(request, organization)
    connection = get_object_or_404(membership.organization.connections, pk=pk)
    if request.method == "POST":
        _disconnect(request, connection)
        return redirect("sources", organization=organization)
    context = {
        "connection": connection,
        "sources": connection.sources.all(),
        "others": membership.organization.sources.filter(connection__in=shared_with(connection)),
        "is_shared": shared_with(connection).exists(),
    }
    return render(request, "sources/connection_disconnect.html", _context(membership) | context)


def _disconnect(request: HttpRequest, connection: Connection) -> None:
    name = connection.get_provider_display()
    try:
        farewell = disconnect(connection=connection, delete_data="delete_data" in request.POST)
    except DataError as error:
        messages.error(request, str(error))
        return
    messages.success(request, _farewell_words(connection, farewell, is_deleted="delete_data" in request.POST))
    if farewell.not_revoked:
        messages.warning(
            request,
            f"{name} did not confirm that it forgot the permission: {farewell.not_revoked} To be sure, remove this "
            f"application in the settings of the {name} account.",
        )


def _farewell_words(connection: Connection, farewell: Farewell, *, is_deleted: bool) -> str:
    platform = connection.get_provider_display()
    given_back = f"was given back at {platform} and " if farewell.is_given_back else ""
    words = f"Disconnected: {connection}. Its permission {given_back}is deleted here."
    if farewell.is_shared:
        words += f" It was not given back at {platform}, for others are collected with it."
    names = ", ".join(f"“{name}”" for name in farewell.sources)
    if not names:
        return words
    if not is_deleted:
        return f"{words} What came from {names} stays."
    them = "it" if len(farewell.sources) == 1 else "them"
    return f"{words} {names} and all that came from {them} are deleted."


def _platform(kind: str) -> Platform:
    platform = PLATFORMS.get(kind)
    if platform is None:
        raise Http404("There is no such platform.")
    return platform


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise Http404("There is no such source.")
    return int(text)


def _context(membership: Membership) -> dict:
    return {"membership": membership, "organization": membership.organization}

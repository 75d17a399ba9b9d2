"""Organizations: where a person arrives, the first steps, settings and members."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sources.access import admin_of, home_of, membership_of
from sources.errors import DataError
from sources.forms import MemberForm, OrganizationForm, RoleForm, SettingsForm
from sources.models import Membership, Organization
from sources.organizing import add_member, change_role, create_organization, remove_member
from sources.overview import has_data


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Send a person to the personas of the organization used last, or to make one."""
    organization = home_of(request)
    if organization is None:
        return redirect("organization_new")
    return redirect("personas", organization=organization.slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organization_new(request: HttpRequest) -> HttpResponse:
    form = OrganizationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        organization = create_organization(name=form.cleaned_data["name"], founder=request.user)
        return redirect("welcome", organization=organization.slug)
    first = not Organization.objects.visible_to(request.user).exists()
    return render(request, "sources/organization_new.html", {"form": form, "first": first})


@login_required
@require_safe
def welcome(request: HttpRequest, organization: str) -> HttpResponse:
    """The first steps of an organization that has no data yet."""
    membership = membership_of(request, organization)
    return render(
        request,
        "sources/welcome.html",
        {
            "membership": membership,
            "organization": membership.organization,
            "has_data": has_data(membership.organization),
            "demo": Organization.objects.visible_to(request.user).filter(slug="demo").first(),
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organization_settings(request: HttpRequest, organization: str) -> HttpResponse:
    """The threshold for small groups and the people; members read it, administrators change it."""
    reading = request.method in ("GET", "HEAD")
    membership = (membership_of if reading else admin_of)(request, organization)
    form = SettingsForm(request.POST or None, instance=membership.organization)
    if not reading and form.is_valid():
        form.save()
        messages.success(request, "Saved. The threshold holds for the personas that are generated from now on.")
        return redirect("organization_settings", organization=organization)
    return _settings_page(request, membership, form=form)


@login_required
@require_POST
def member_add(request: HttpRequest, organization: str) -> HttpResponse:
    membership = admin_of(request, organization)
    form = MemberForm(request.POST)
    if form.is_valid():
        try:
            added = add_member(organization=membership.organization, **form.cleaned_data)
        except DataError as error:
            form.add_error("username", str(error))
        else:
            messages.success(request, f"{added.user} is a member now.")
            return redirect("organization_settings", organization=organization)
    return _settings_page(request, membership, member_form=form)


@login_required
@require_POST
def member_change(request: HttpRequest, organization: str, pk: int) -> HttpResponse:
    member = _member(request, organization, pk)
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            change_role(membership=member, role=form.cleaned_data["role"])
            messages.success(request, f"{member.user} is {member.role} now.")
        except DataError as error:
            messages.error(request, str(error))
    return redirect("organization_settings", organization=organization)


@login_required
@require_POST
def member_remove(request: HttpRequest, organization: str, pk: int) -> HttpResponse:
    member = _member(request, organization, pk)
    try:
        remove_member(membership=member)
    except DataError as error:
        messages.error(request, str(error))
        return redirect("organization_settings", organization=organization)
    if member.user_id == request.user.pk:
        return redirect("home")
    messages.success(request, f"{member.user} is no longer a member.")
    return redirect("organization_settings", organization=organization)


def _member(request: HttpRequest, organization: str, pk: int) -> Membership:
    ours = admin_of(request, organization).organization
    return get_object_or_404(Membership.objects.select_related("user"), organization=ours, pk=pk)


def _settings_page(request: HttpRequest, membership: Membership, form=None, member_form=None) -> HttpResponse:
    organization = membership.organization
    members = organization.memberships.select_related("user").order_by("user__username")
    context = {
        "membership": membership,
        "organization": organization,
        "form": form or SettingsForm(instance=organization),
        "member_form": member_form or MemberForm(),
        "members": [(member, RoleForm(initial={"role": member.role}, auto_id=False)) for member in members],
        "is_admin": membership.role == Membership.Role.ADMIN,
    }
    return render(request, "sources/organization_settings.html", context)

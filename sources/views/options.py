"""How a source is collected: administrators change it, the others look."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from sources.access import admin_of, membership_of
from sources.collecting.cycling import next_window
from sources.connecting.disconnecting import stop_collecting
from sources.connecting.options import Option
from sources.connecting.platforms import PLATFORMS
from sources.connecting.tuning import change_options, options_of
from sources.errors import DataError
from sources.models import DataSource, Membership
from sources.option_form import OptionsForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def source_options(request: HttpRequest, organization: str, pk: int) -> HttpResponse:
    membership = (admin_of if request.method == "POST" else membership_of)(request, organization)
    source = get_object_or_404(membership.organization.sources.filter(kind__in=PLATFORMS), pk=pk)
    options = PLATFORMS[source.kind].options
    form = OptionsForm(request.POST or None, options=options, initial=options_of(source))
    if request.method == "POST" and form.is_valid():
        try:
            is_changed = change_options(source=source, chosen=form.cleaned_data)
        except DataError as error:
            messages.error(request, str(error))
            return redirect("source_options", organization=organization, pk=pk)
        if is_changed:
            messages.success(request, f"Saved. The next collection of “{source}” uses these options.")
        else:
            messages.info(request, f"Nothing was changed: these are the options of “{source}” already.")
        return redirect("sources", organization=organization)
    return render(request, "sources/source_options.html", _context(membership, source) | {"form": form})


@login_required
@require_POST
def source_stop(request: HttpRequest, organization: str, pk: int) -> HttpResponse:
    """Stop collecting one source; the page of its options says what that means."""
    membership = admin_of(request, organization)
    source = get_object_or_404(membership.organization.sources.filter(kind__in=PLATFORMS), pk=pk)
    stop_collecting(source=source)
    messages.success(
        request,
        f"“{source}” is not collected any more. What came from it stays; connect it again at any time by choosing it "
        "under Connect.",
    )
    return redirect("sources", organization=organization)


def _context(membership: Membership, source: DataSource) -> dict:
    platform, used = PLATFORMS[source.kind], options_of(source)
    last = source.cycles.exclude(finished_at=None).first()
    return {
        "membership": membership,
        "organization": membership.organization,
        "is_admin": membership.role == Membership.Role.ADMIN,
        "section": "data",
        "source": source,
        "platform": platform,
        "used": [_line(option, used[option.name]) for option in platform.options],
        "open_run": source.collections.open().first(),
        "is_half_read": source.cycles.filter(finished_at=None, checkpoints__isnull=False).exists(),
        "last": last,
        "may_change_what_counts": any(option.is_what_counts for option in platform.options),
        "next_days": next_window(source, timezone.now()),
    }


def _line(option: Option, value: Any) -> tuple[Option, str, str]:
    """An option, its value in words, and what that means."""
    return option, option.words_of(value), option.meaning_of(value)

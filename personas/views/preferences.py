"""How a reader wants the pages: kept in the reader's own browser."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from sources.access import membership_of

NUMBERS_COOKIE = "numbers"
YEAR = 365 * 24 * 3600  # seconds


def numbers_shown(request: HttpRequest) -> bool:
    """Whether shares and lifts are written out; the bars and the words are there in any case."""
    return request.COOKIES.get(NUMBERS_COOKIE) != "off"


@login_required
@require_POST
def numbers(request: HttpRequest, organization: str) -> HttpResponse:
    """Write numbers out, or no more (shown=on|off), and go back to the page (next=)."""
    membership_of(request, organization)
    back = request.POST.get("next", "")
    response = HttpResponseRedirect(back) if _is_path_here(back) else redirect("personas", organization)
    wish = "off" if request.POST.get("shown") == "off" else "on"
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(NUMBERS_COOKIE, wish, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
    return response


def _is_path_here(address: str) -> bool:
    """Whether an address is a path of this site: a name or another host is no way back."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)

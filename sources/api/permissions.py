"""What a key may do: read, upload (write), or start work (run)."""

from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import SAFE_METHODS, BasePermission

from sources.models import ApiToken


class HasScope(BasePermission):
    """Reading needs the scope `read`, everything else the view's `write_scope`."""

    def has_permission(self, request, view) -> bool:
        token = request.auth
        if not isinstance(token, ApiToken):
            raise NotAuthenticated("Send an API key of your organization: “Authorization: Bearer apg_…”.")
        needed = scope_for(request.method, view)
        self.message = f"This API key lacks the scope “{needed}”. It has: {', '.join(token.scopes)}."
        return needed in token.scopes


def scope_for(method: str, view) -> str:
    """Return the scope that a method of a view asks for."""
    return ApiToken.Scope.READ.value if method in SAFE_METHODS else getattr(view, "write_scope", ApiToken.Scope.WRITE)

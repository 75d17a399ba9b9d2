"""Who calls the API: an organization, by one of its keys. A browser's session is no key."""

from django.contrib.auth.models import AnonymousUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from sources.models import ApiToken
from sources.tokens import find_token, has_expired, note_use

SCHEME = "Bearer"


class OrganizationTokenAuthentication(BaseAuthentication):
    """Reads `Authorization: Bearer apg_...`; the request's `auth` is the token, its user stays anonymous."""

    def authenticate(self, request) -> tuple[AnonymousUser, ApiToken] | None:
        scheme, _, key = get_authorization_header(request).partition(b" ")
        if scheme.lower() != SCHEME.lower().encode():
            return None
        token = find_token(key.strip().decode("latin-1"))
        if token is None:
            raise AuthenticationFailed("This API key is not known. Check it, or ask an administrator for a new one.")
        if has_expired(token):
            raise AuthenticationFailed(
                f"This API key expired on {token.expires_at:%Y-%m-%d %H:%M} UTC. Ask an administrator for a new one."
            )
        note_use(token)
        return AnonymousUser(), token

    def authenticate_header(self, request) -> str:
        return SCHEME


class OrganizationTokenScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document names the key."""

    target_class = "sources.api.authentication.OrganizationTokenAuthentication"
    name = "organizationKey"

    def get_security_definition(self, auto_schema) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A key of an organization, made in the admin or by `manage.py create_api_token`.",
        }

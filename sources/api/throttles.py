"""How often a key may call."""

from rest_framework.throttling import SimpleRateThrottle


class TokenThrottle(SimpleRateThrottle):
    """Counts the calls of each key, wherever they come from; calls without a key reach nothing worth counting."""

    scope = "token"

    def get_cache_key(self, request, view) -> str | None:
        return f"api-calls-{request.auth.pk}" if request.auth else None

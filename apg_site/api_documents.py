"""What everybody may read of the API: its OpenAPI document, a page that shows it, and what is at no address."""

import json
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator
from rest_framework.exceptions import NotFound
from rest_framework.views import APIView


def openapi(request: HttpRequest) -> HttpResponse:
    """Answer the OpenAPI document."""
    return HttpResponse(_document(), content_type="application/json")


def docs(request: HttpRequest) -> HttpResponse:
    """Show the document in Swagger UI, served from this site and without inline scripts."""
    return render(request, "api/docs.html")


@cache
def _document() -> bytes:
    # The same for all callers, and slow to make.
    return json.dumps(SchemaGenerator().get_schema(request=None, public=True), indent=1).encode()


class Nowhere(APIView):
    """Answers in words when an address does not exist."""

    schema = None
    authentication_classes: list = []
    permission_classes: list = []

    def initial(self, request, *args, **kwargs) -> None:
        raise NotFound("There is nothing at this address. Addresses end with a slash; see /api/v1/docs/.")

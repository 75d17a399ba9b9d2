"""Every refusal is JSON with words."""

from django.http import Http404
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from sources.errors import DataError


class Conflict(APIException):
    """What was asked for cannot be now; the words say what stands in its way."""

    status_code = 409
    default_detail = "This cannot be done now."
    default_code = "conflict"


def answer(error: Exception, context: dict) -> Response | None:
    """Return the answer to an error of the caller; our own errors stay errors and reach the log."""
    if isinstance(error, DataError):
        error = ValidationError({"detail": str(error)})
    if isinstance(error, Http404) and str(error).endswith("matches the given query."):
        error = NotFound("There is nothing with this id here.")  # Django's words name our classes
    return exception_handler(error, context)

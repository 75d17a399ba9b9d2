"""Asking a platform how many people there are in the groups of the personas."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from personas.faces import queue_estimates_of
from sources.api.errors import Conflict
from sources.api.serializers import CollectionSerializer
from sources.api.views import CONFLICT
from sources.errors import DataError
from sources.models import ApiToken, DataSource


class EstimateAudienceView(APIView):
    """Sizes, jobs, education and relationships of the groups that give the latest personas their faces."""

    write_scope = ApiToken.Scope.RUN.value

    @extend_schema(request=None, responses={202: CollectionSerializer, 409: CONFLICT})
    def post(self, request, pk: int) -> Response:
        """Ask by an ad account, after its ads are collected; the answer's `Location` says where to follow it.

        About 8 minutes a group with the access that an app has in development. What was asked in this month is not
        asked again. 409 while the source is being collected, when its account has to be connected again, and for
        sources that are no ad account.
        """
        source = get_object_or_404(DataSource.objects.of(request.auth.organization), pk=pk)
        try:
            collection = queue_estimates_of(source, requested_by=request.auth.created_by)
        except DataError as error:
            raise Conflict(str(error)) from error
        place = reverse("api:collection-detail", [collection.pk], request=request)
        told = CollectionSerializer(collection, context={"request": request}).data
        return Response(told, status.HTTP_202_ACCEPTED, headers={"Location": place})

"""The data of the key's organization: sources, content units, uploads and the runs that read them."""

from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.reverse import reverse

from sources.api.errors import Conflict
from sources.api.filters import CollectionFilters, ContentUnitFilters, SourceFilters
from sources.api.serializers import (
    CollectionSerializer,
    ContentUnitSerializer,
    NewUploadSerializer,
    OrganizationSerializer,
    SourceSerializer,
    UploadSerializer,
)
from sources.collecting.requesting import queue_collection
from sources.errors import DataError
from sources.importing import KINDS
from sources.models import ApiToken, Collection, ContentUnit, DataSource, Organization, Upload
from sources.uploading import UnreadableFiles, confirm_upload, discard_upload, store_upload

BUSY = "Files are being read into “{}” just now. Wait until that is done, or cancel it, then send yours again."
CONFLICT = OpenApiResponse({"$ref": "#/components/schemas/Error"}, "Another run stands in its way.")


class OrganizationsOwn(viewsets.ReadOnlyModelViewSet):
    """Shows what belongs to the organization of the key; for everybody else it does not exist."""

    lookup_value_regex = r"\d+"

    def get_queryset(self):
        queryset = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return queryset.none()
        return self.visible(queryset, self.request.auth.organization)

    def visible(self, queryset, organization: Organization):
        return queryset.of(organization)


class OrganizationViewSet(OrganizationsOwn):
    """The organization that the key belongs to; there is no other."""

    queryset = Organization.objects.all()
    serializer_class = OrganizationSerializer
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]+"

    def visible(self, queryset, organization):
        return queryset.filter(pk=organization.pk)


class SourceViewSet(OrganizationsOwn):
    """Accounts on platforms, and piles of uploaded files."""

    queryset = DataSource.objects.with_counts().select_related("connection").order_by("name", "id")
    serializer_class = SourceSerializer
    filterset_class = SourceFilters
    write_scope = ApiToken.Scope.WRITE.value

    @extend_schema(request=None, responses={202: CollectionSerializer, 409: CONFLICT})
    @action(detail=True, methods=["post"], write_scope=ApiToken.Scope.RUN.value)
    def collect(self, request, pk: str) -> Response:
        """Collect from the platform now; the answer's `Location` says where to follow it.

        409 while it is being collected, when its account has to be connected again, and for uploaded files.
        """
        source = self.get_object()
        try:
            collection = queue_collection(source=source, requested_by=request.auth.created_by)
        except DataError as error:
            raise Conflict(str(error)) from error
        place = reverse("api:collection-detail", [collection.pk], request=request)
        told = CollectionSerializer(collection, context=self.get_serializer_context()).data
        return Response(told, status.HTTP_202_ACCEPTED, headers={"Location": place})


class ContentUnitViewSet(OrganizationsOwn):
    """Videos, pages, posts, products: what the audience interacted with."""

    queryset = ContentUnit.objects.with_interactions()
    serializer_class = ContentUnitSerializer
    filterset_class = ContentUnitFilters


class CollectionViewSet(OrganizationsOwn):
    """Runs that bring data from a source; follow `state` until it is done, failed, errored or cancelled."""

    queryset = Collection.objects.all()
    serializer_class = CollectionSerializer
    filterset_class = CollectionFilters
    write_scope = ApiToken.Scope.WRITE.value

    @extend_schema(request=None, responses=CollectionSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request, pk: str) -> Response:
        """Ask the run to stop; one that is over stays as it is."""
        collection = self.get_object()
        collection.request_cancel()
        return Response(self.get_serializer(collection).data)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def rejects(self, request, pk: str) -> FileResponse:
        """The rows that were left out, each with its reason: a CSV, or a ZIP of several."""
        collection = self.get_object()
        if not collection.rejects_file:
            raise Http404("No row of this collection was rejected.")
        if not collection.rejects_file.storage.exists(collection.rejects_file.name):
            raise Http404("The file of rejected rows is gone. Send the files again to have it made anew.")
        return FileResponse(collection.rejects_file.open("rb"), as_attachment=True)


class UploadViewSet(OrganizationsOwn):
    """Files handed in, each with the run that reads them."""

    queryset = Upload.objects.prefetch_related("collections")
    serializer_class = UploadSerializer
    parser_classes = [MultiPartParser]
    write_scope = ApiToken.Scope.WRITE.value

    def visible(self, queryset, organization):
        return queryset.filter(organization=organization)

    @extend_schema(request=NewUploadSerializer, responses={202: UploadSerializer, 409: CONFLICT})
    def create(self, request) -> Response:
        """Hand in files to be read; the answer's `Location` says where to follow it. 409 while the source is busy."""
        given = NewUploadSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        upload = self._queued(given.validated_data)
        place = reverse("api:upload-detail", [upload.pk], request=request)
        return Response(self.get_serializer(upload).data, status.HTTP_202_ACCEPTED, headers={"Location": place})

    def _queued(self, wish: dict) -> Upload:
        token = self.request.auth
        files = {kind: wish[kind] for kind in KINDS if wish.get(kind)}
        try:
            upload = store_upload(
                organization=token.organization, created_by=token.created_by, given=files, by_name=True
            )
        except UnreadableFiles as error:
            raise ValidationError(error.words) from error
        try:
            confirm_upload(
                upload=upload,
                source_name=wish["source"],
                requested_by=token.created_by,
                mapping={},
                mode=wish["mode"],
                period=wish["period"],
            )
        except DataError as error:
            # Nobody can confirm it later through this door: the caller sends the files again.
            discard_upload(upload=upload)
            raise Conflict(BUSY.format(wish["source"])) from error
        return upload

"""Generations, the sets they made, and the personas in them."""

from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import JSONParser
from rest_framework.response import Response
from rest_framework.reverse import reverse

from personas.api.filters import GenerationFilters, PersonaFilters, PersonaSetFilters
from personas.api.profile_serializers import PersonaSerializer, PersonaSummarySerializer
from personas.api.serializers import GenerationSerializer, NewGenerationSerializer, PersonaSetSerializer
from personas.errors import GenerationError
from personas.generation import queue_generation
from personas.models import Generation, Persona, PersonaSet
from sources.api.errors import Conflict
from sources.api.views import CONFLICT, OrganizationsOwn
from sources.models import ApiToken

ALL_GROUPS = OpenApiParameter("groups", str, enum=["all"], description="`all`: every group behind the persona.")


class GenerationViewSet(OrganizationsOwn):
    """Runs that make personas; follow `state` until it is done, failed, errored or cancelled."""

    queryset = Generation.objects.prefetch_related("sets")
    serializer_class = GenerationSerializer
    filterset_class = GenerationFilters
    parser_classes = [JSONParser]
    write_scope = ApiToken.Scope.RUN.value

    @extend_schema(request=NewGenerationSerializer, responses={202: GenerationSerializer, 409: CONFLICT})
    def create(self, request) -> Response:
        """Start a generation; the answer says where to follow it. 409 while another one is open."""
        given = NewGenerationSerializer(data=request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        try:
            generation = queue_generation(
                organization=request.auth.organization, requested_by=request.auth.created_by, **given.validated_data
            )
        except GenerationError as error:
            raise Conflict(str(error)) from error
        place = reverse("api:generation-detail", [generation.pk], request=request)
        return Response(self.get_serializer(generation).data, status.HTTP_202_ACCEPTED, headers={"Location": place})

    @extend_schema(request=None, responses=GenerationSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request, pk: str) -> Response:
        """Ask the run to stop; one that is over stays as it is."""
        generation = self.get_object()
        generation.request_cancel()
        return Response(self.get_serializer(generation).data)


class PersonaSetViewSet(OrganizationsOwn):
    """The personas of one complete generation at one size, with the quality of the set."""

    queryset = PersonaSet.objects.select_related("generation")
    serializer_class = PersonaSetSerializer
    filterset_class = PersonaSetFilters


class PersonaViewSet(OrganizationsOwn):
    """Invented people who stand for real groups of the audience."""

    queryset = Persona.objects.with_profile()
    filterset_class = PersonaFilters

    def get_queryset(self):
        queryset = super().get_queryset()
        if self.action == "list":
            return queryset.defer("group_rows", "group_shares", "contents")
        return queryset.select_related("persona_set__generation__audience")

    def get_serializer_class(self):
        return PersonaSummarySerializer if self.action == "list" else PersonaSerializer

    def get_serializer_context(self) -> dict:
        return super().get_serializer_context() | {"all_groups": "groups" in self.request.query_params}

    @extend_schema(parameters=[ALL_GROUPS])
    def retrieve(self, request, pk: str) -> Response:
        """One persona with all that its page shows."""
        if request.query_params.get("groups", "all") != "all":
            raise ValidationError({"groups": "Unknown value. Known is: all."})
        return super().retrieve(request, pk)

    @extend_schema(responses={(200, "image/*"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def picture(self, request, pk: str) -> FileResponse:
        """The picture of a persona: an illustration or a photo, as `picture_origin` says."""
        picture = self.get_object().identity.picture
        if not picture or not picture.storage.exists(picture.name):
            raise Http404("This persona has no picture.")
        return FileResponse(picture.open("rb"))

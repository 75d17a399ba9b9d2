"""The months of an audience beside each other."""

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from personas.api.over_time_serializers import OverTimeSerializer, OverTimeWishSerializer
from personas.over_time import over_time


class OverTimeView(APIView):
    """Who is new, stable, drifting and gone, month by month."""

    @extend_schema(parameters=[OverTimeWishSerializer], responses=OverTimeSerializer)
    def get(self, request) -> Response:
        """Who is in the audience from month to month: who stays, who comes, who goes, whose topics change."""
        unknown = sorted(set(request.query_params) - {"unit", "size"})
        if unknown:
            raise ValidationError(dict.fromkeys(unknown, "Unknown parameter. Known are: size, unit."))
        wish = OverTimeWishSerializer(data=request.query_params)
        wish.is_valid(raise_exception=True)
        return Response(OverTimeSerializer(over_time(request.auth.organization, **wish.validated_data)).data)

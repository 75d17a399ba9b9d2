"""An organization, its sources, and what its audience did with its content."""

from sources.models.attributes import AudienceAttribute
from sources.models.collections import Collection, Upload
from sources.models.connections import AudienceSize, Checkpoint, Connection, Cycle, Loyalty
from sources.models.estimates import EstimateAnswer
from sources.models.files import PlatformFile
from sources.models.interactions import (
    PERIOD,
    AgeGroup,
    Comment,
    ContentUnit,
    DataSource,
    DemographicGroup,
    Gender,
    PackedInteractions,
)
from sources.models.organizations import ApiToken, Membership, Organization

__all__ = [
    "PERIOD",
    "AgeGroup",
    "ApiToken",
    "AudienceAttribute",
    "AudienceSize",
    "Checkpoint",
    "Collection",
    "Comment",
    "Connection",
    "ContentUnit",
    "Cycle",
    "DataSource",
    "DemographicGroup",
    "EstimateAnswer",
    "Gender",
    "Loyalty",
    "Membership",
    "Organization",
    "PackedInteractions",
    "PlatformFile",
    "Upload",
]

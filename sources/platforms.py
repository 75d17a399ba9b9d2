"""From a source to the connector that reads it."""

from sources.connectors.harvests import Connector
from sources.errors import DataError
from sources.models import DataSource


def connector_for(source: DataSource) -> Connector:
    """Return the connector of a source; DataError when there is none for its kind."""
    raise DataError(f"{source.get_kind_display()} cannot be collected from yet.")

"""The project's settings, with a verb for generations whose pace a test decides, and short clocks."""

from apg_site.settings import *  # noqa: F403
from apg_site.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.cluster.apps.PacedConfig"]

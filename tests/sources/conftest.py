"""Platforms to connect to, on this machine."""

import pytest

from tests.sources.connecting.world import running_world


@pytest.fixture
def world(settings):
    with running_world(settings) as world:
        yield world

"""HAProxy, nginx and Caddy as deploy/ ships them, in front of three real services; run by `make test-balancers`."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.balancers.balancers import BALANCERS, balancing
from tests.balancers.fleet import Instance, fleet, is_ready
from tests.balancers.listeners import LONG, SHORT, KeptConnection


@pytest.fixture(scope="session")
def instances(
    tmp_path_factory: pytest.TempPathFactory, tone_path: Path, cache_directory: Path
) -> Iterator[list[Instance]]:
    """Three services. A test that ends one starts it again."""
    with fleet(tmp_path_factory.mktemp("fleet"), tone_path, cache_directory) as three:
        yield three


@pytest.fixture(scope="session")
def expected(instances: list[Instance]) -> tuple[bytes, bytes]:
    """The answers to SHORT and LONG; without noise they are the same every time."""
    with closing(KeptConnection(instances[0].port)) as client:
        return client.ask(SHORT), client.ask(LONG)


@pytest.fixture(params=BALANCERS)
def name(request: pytest.FixtureRequest) -> str:
    """A balancer that this machine has."""
    found: str = request.param
    if not shutil.which(found):
        pytest.skip(f"{found} is missing: sudo apt-get install {found}")
    return found


@pytest.fixture
def balancer(name: str, instances: list[Instance], tmp_path: Path) -> Iterator[int]:
    """The port of a balancer in front of the three services."""
    with balancing(name, tmp_path, [instance.address for instance in instances], is_ready) as port:
        yield port

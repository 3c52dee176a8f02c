"""What many tests stand on: a home of its own, the tiny company, and the shared public data where it lies beside the project."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from store.company import Company, create_company, open_company
from tests.once import made_once
from tests.postgres import postgres_url  # noqa: F401  a fixture is found by its name here

# Several tests run at once; threads that a matrix of a few rows is shared among would only get into each other's way.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy is imported, which nothing above does

settings.register_profile("ci", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci")


ROOT = Path(__file__).resolve().parent.parent
TINY = ROOT / "data" / "samples" / "tiny"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Every test has a home of its own, so none can touch a company that somebody works with."""
    if "keeps_home" not in request.keywords:
        monkeypatch.setenv("CROSSDOCK_HOME", str(tmp_path / "home"))


@pytest.fixture
def company() -> Company:
    """An empty company called acme."""
    return create_company("acme")


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """The tiny company, landed and refreshed once for the whole run; nobody may change it."""
    home, _ = made_once(tmp_path_factory, "tiny", _grow_tiny)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CROSSDOCK_HOME", str(home))
        return open_company("tiny")


def _grow_tiny(_: Path) -> None:
    from pipelines import flow  # here, so that tests of one part do not wait for the whole path to import

    made = create_company("tiny")
    for path in sorted(TINY.glob("*.csv")):
        flow.land(made, path, who="tests", is_trusted=True)
    flow.refresh(made, who="tests")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared public data; without it the test is skipped, or fails where it must be there."""
    folder = Path(os.environ.get("CROSSDOCK_SHARED", ROOT.parent / "shared"))
    if (folder / "data").is_dir():
        return folder
    said = f"The shared public data is not at {folder}; set CROSSDOCK_SHARED to its folder."
    if os.environ.get("CROSSDOCK_REQUIRE_SHARED") == "1":
        pytest.fail(said)
    pytest.skip(said)

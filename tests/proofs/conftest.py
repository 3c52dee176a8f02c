"""The real public extracts, landed and refreshed once for the whole run; nobody may change them."""

from contextlib import nullcontext
from datetime import date
from pathlib import Path

import pytest

from pipelines import flow
from store.company import Company, create_company, open_company
from store.warehouse import Build, current_build
from tests.fewer_tables import core_only
from tests.once import made_once

FILES = {
    "scms": ("scms/SCMS_Delivery_History_Dataset.csv",),
    "scms-tab": ("scms/SCMS_Delivery_History_Dataset_tab_cr.csv",),
    "dataco": ("dataco_sample/DataCoSupplyChainDataset.csv",),
    "northwind": ("northwind/*.csv",),
    "online_retail": ("online_retail/online_retail.parquet",),
}
CORE_ONLY = ("scms-tab",)  # the same rows as scms in another form: what is made of them is looked at there


class Real:
    """The real companies by name, each built when it is first asked for. No file is named to be of any source."""

    def __init__(self, shared: Path, factory: pytest.TempPathFactory):
        self.data, self.factory = shared / "data", factory
        self.made: dict[str, Build] = {}
        self.sources: dict[str, list[str | None]] = {}

    def build(self, name: str) -> Build:
        """The published build of a real company; `sources` then says what its files were taken for."""
        if name not in self.made:
            paths = [path for pattern in FILES[name] for path in sorted(self.data.glob(pattern))]
            assert paths, f"no file of {name} in {self.data}"

            def make(_: Path) -> list[str | None]:
                company = create_company(name, reporting_currency="USD")
                landed = self.landed(company, paths)
                with core_only() if name in CORE_ONLY else nullcontext():
                    flow.refresh(company, who="tests")
                return [result.source for result in landed]

            home, self.sources[name] = made_once(self.factory, f"real-{name}", make)
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("CROSSDOCK_HOME", str(home))
                self.made[name] = published(open_company(name))
        return self.made[name]

    def build_of(self, company: Company, paths: list[Path], as_of: date | None = None) -> Build:
        """The files landed without a word about what they are, and refreshed."""
        self.landed(company, paths)
        flow.refresh(company, who="tests", as_of=as_of)
        return published(company)

    def landed(self, company: Company, paths: list[Path]) -> list[flow.LandResult]:
        """What came of each file."""
        # A single file goes the whole way, through the guarded child process; eleven small ones would only wait for it.
        is_trusted = len(paths) > 1
        return [flow.land(company, path, who="tests", is_trusted=is_trusted) for path in paths]


def published(company: Company) -> Build:
    """The company's current build, which there is."""
    build = current_build(company)
    assert build is not None
    return build


@pytest.fixture(scope="session")
def real(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Real:
    """The real companies, built on demand and kept for the run."""
    return Real(shared, tmp_path_factory)

"""The real public extracts, landed and refreshed once for the whole session; nobody may change them."""

import os
from datetime import date
from pathlib import Path

import pytest

from pipelines import flow
from store.company import Company, create_company
from store.warehouse import Build, current_build

FILES = {
    "scms": ("scms/SCMS_Delivery_History_Dataset.csv",),
    "scms-tab": ("scms/SCMS_Delivery_History_Dataset_tab_cr.csv",),
    "dataco": ("dataco_sample/DataCoSupplyChainDataset.csv",),
    "northwind": ("northwind/*.csv",),
    "online_retail": ("online_retail/online_retail.parquet",),
}


class Real:
    """The real companies by name, each built when it is first asked for. No file is named to be of any source."""

    def __init__(self, shared: Path, home: Path):
        self.data, self.home = shared / "data", home
        self.made: dict[str, Build] = {}
        self.landed: dict[str, list[flow.LandResult]] = {}

    def build(self, name: str) -> Build:
        """The published build of a real company."""
        if name not in self.made:
            paths = [path for pattern in FILES[name] for path in sorted(self.data.glob(pattern))]
            assert paths, f"no file of {name} in {self.data}"
            before = os.environ.get("CROSSDOCK_HOME")
            os.environ["CROSSDOCK_HOME"] = str(self.home)
            try:
                self.made[name] = self.build_of(create_company(name, reporting_currency="USD"), name, paths)
            finally:
                os.environ.pop("CROSSDOCK_HOME")
                if before is not None:
                    os.environ["CROSSDOCK_HOME"] = before
        return self.made[name]

    def build_of(self, company: Company, name: str, paths: list[Path], as_of: date | None = None) -> Build:
        """The files landed without a word about what they are, and refreshed."""
        # A single file goes the whole way, through the guarded child process; eleven small ones would only wait for it.
        is_trusted = len(paths) > 1
        self.landed[name] = [flow.land(company, path, who="tests", is_trusted=is_trusted) for path in paths]
        flow.refresh(company, who="tests", as_of=as_of)
        build = current_build(company)
        assert build is not None
        return build


@pytest.fixture(scope="session")
def real(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Real:
    """The real companies, built on demand and kept for the session."""
    return Real(shared, tmp_path_factory.mktemp("real"))

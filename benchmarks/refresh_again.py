"""How long does a refresh take after an act that few models read, and does it say the same as one that thinks anew about everything?

    .venv/bin/python -m benchmarks.refresh_again

A small demo company is grown in a folder of its own and refreshed; then a row of a register is kept. Prints one JSON line.
"""

import json
import os
import tempfile
import time
from pathlib import Path

from decisions.desk import Desk
from decisions.lived import STAND_IN
from decisions.person import Person
from decisions.registers import PLANNED, Kept
from pipelines import demo_company, flow
from store.company import Company, open_company

ANCHOR = "the same refresh, forced, so that nothing kept is read"
ROW = "vendors/exit_plan"


def measured() -> dict[str, object]:
    """Seconds of both on a small demo company in a folder of its own, their ratio, and whether their content is one."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CROSSDOCK_HOME"] = folder
        demo_company.grown(
            "demo", size="small", seed=7, advance_days=None, who="benchmark", lands_only=True, say=lambda _: None
        )
        company = open_company("demo")
        flow.refresh(company, who="benchmark")
        _act(company)
        begun = time.perf_counter()
        kept = flow.refresh(company, who="benchmark")
        middle = time.perf_counter()
        anew = flow.refresh(company, who="benchmark", is_forced=True)
        ended = time.perf_counter()
        size = sum(path.stat().st_size for path in Path(company.answers).rglob("*") if path.is_file())
    return {
        "benchmark": "refresh_again",
        "after_an_act_seconds": round(middle - begun, 1),
        "forced_seconds": round(ended - middle, 1),
        "ratio": round((ended - middle) / (middle - begun), 1),
        "says_the_same": kept.content_hash == anew.content_hash,
        "kept_megabytes": round(size / 1e6, 1),
        "anchor": ANCHOR,
    }


def _act(company: Company) -> None:
    """The executive says how a row of a register stands."""
    desk = Desk(flow.ledger_of(company), Person(STAND_IN, frozenset({"executive"})))
    desk.keep_register(ROW, Kept(status=PLANNED, owner="head of analytics"), "Measured after it.")


if __name__ == "__main__":
    print(json.dumps(measured()))

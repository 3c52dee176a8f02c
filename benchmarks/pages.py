"""How fast is a page, against a bare Streamlit page that draws as many elements; and what do twenty people at once wait?

    .venv/bin/python -m benchmarks.pages [--size small] [--home FOLDER] [--page orders] [--sessions 20] [--rounds 8]

Server and visitors share the machine, so the figures are on the slow side. Sessions think for no time at all: each asks
for its next page as soon as it has the last one, which twenty people reading would never do. Prints one JSON line.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import psutil

from tests.browser.server import ROOT, Server, serving
from tests.browser.visitor import Answer, Visitor, visiting

RATIO_AT_MOST, P95_SECONDS_AT_MOST = 2.0, 1.0
REPEATS = 40

# How the bare page draws each kind of element; any other kind becomes a line of text. The contents are constants made
# once, so what it costs is Streamlit's own work for that many elements, and nothing of ours.
BARE_TOP = """import plotly.graph_objects as go
import streamlit as st

@st.cache_resource
def contents():
    return go.Figure(go.Scatter(x=list(range(60)), y=list(range(60)))), {"a": list(range(10)), "b": ["x"] * 10}

chart, table = contents()
"""
OTHERWISE = "st.markdown('A line of text.')"
BARE_DRAWS = {
    "plotly_chart": "st.plotly_chart(chart, key=f'chart{n}')",
    "dataframe": "st.dataframe(table, key=f'table{n}')",
    "html": "st.html('<p>A line of text.</p>')",
    "button": "st.button('Press', key=f'button{n}')",
    "download_button": "st.download_button('Save', b'text', key=f'save{n}', on_click='ignore')",
    "page_link": "st.page_link('http://127.0.0.1/', label='Go')",
    "selectbox": "st.selectbox('Pick', ['a', 'b'], key=f'one{n}')",
    "multiselect": "st.multiselect('Pick', ['a', 'b'], key=f'many{n}')",
    "code": "st.code('text')",
}


def main() -> None:
    """Run all of it and print the line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="small", help="size of the demo company that is grown for this run")
    parser.add_argument("--home", type=Path, help="a folder of companies that is there already")
    parser.add_argument(
        "--page", default="", help="address of the page that is compared; the default page if not given"
    )
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=8, help="pages that each session asks for")
    wishes = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = wishes.home or _grown(Path(scratch), wishes.size)
        print(json.dumps(asyncio.run(_measured(wishes, Path(scratch), home))))


async def _measured(wishes: argparse.Namespace, scratch: Path, home: Path) -> dict[str, object]:
    with serving(scratch, environment={"CROSSDOCK_HOME": str(home)}) as ours:
        full, addresses = await _walked(ours, wishes.page)
        bare_script = scratch / "bare.py"
        bare_script.write_text(_bare(full.elements), "utf-8")
        with serving(scratch, script=bare_script) as bare:
            opened, reran = await _compared(ours, bare, wishes.page)
            cpu = [await _cpu_a_run(ours, wishes.page), await _cpu_a_run(bare, "")]
        rss_before = psutil.Process(ours.pid).memory_info().rss
        began = time.perf_counter()
        crowd = await asyncio.gather(*(_session(ours, addresses, n, wishes.rounds) for n in range(wishes.sessions)))
        took = time.perf_counter() - began
        rss_after = psutil.Process(ours.pid).memory_info().rss
    runs = [answer for session in crowd for answer in session]
    waits = sorted(answer.seconds for answer in runs)
    p95 = waits[int(len(waits) * 0.95)]
    return {
        "benchmark": "pages",
        "page": wishes.page or "default",
        "elements": full.elements.total(),
        "page_kb": round(full.size_bytes / 1000),
        "open_ms": opened[0],
        "bare_open_ms": opened[1],
        "open_ratio": round(opened[0] / opened[1], 2),
        "rerun_ms": reran[0],
        "bare_rerun_ms": reran[1],
        "rerun_ratio": round(reran[0] / reran[1], 2),
        "cpu_ms": _ms(cpu[0]),
        "bare_cpu_ms": _ms(cpu[1]),
        "cpu_ratio": round(cpu[0] / cpu[1], 2),
        "ratio_target": RATIO_AT_MOST,
        "sessions": wishes.sessions,
        "runs": len(runs),
        "p50_ms": _ms(statistics.median(waits)),
        "p95_ms": _ms(p95),
        "p95_target_ms": _ms(P95_SECONDS_AT_MOST),
        "slowest_ms": _ms(waits[-1]),
        "runs_per_second": round(len(runs) / took, 1),
        "errors": sum(not answer.has_ended_well for answer in runs),
        "rss_mb_before": rss_before // 2**20,
        "rss_mb_after": rss_after // 2**20,
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 1),
        "is_within_targets": max(opened[0] / opened[1], reran[0] / reran[1]) <= RATIO_AT_MOST
        and p95 <= P95_SECONDS_AT_MOST,
    }


async def _walked(server: Server, page: str) -> tuple[Answer, tuple[str, ...]]:
    """Every page once, so that all is warm; the page that is compared, and the addresses of all."""
    async with visiting(server) as visitor:
        addresses = (await visitor.ask()).pages
        for address in addresses:
            answer = await visitor.ask(address)
            _say(
                f"/{address}: {_ms(answer.seconds)} ms the first time, {answer.elements.total()} elements {answer.errors or ''}"
            )
        return await visitor.ask(page), addresses


async def _compared(ours: Server, bare: Server, page: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """Medians in ms, ours and bare in turns: opening the page in a new session, and running it again in an old one."""
    opened: tuple[list[float], list[float]] = ([], [])
    reran: tuple[list[float], list[float]] = ([], [])
    async with visiting(ours) as at_ours, visiting(bare) as at_bare:
        await at_ours.ask(page)
        await at_bare.ask()
        for _ in range(REPEATS):
            for side, server, regular, address in ((0, ours, at_ours, page), (1, bare, at_bare, "")):
                async with visiting(server) as newcomer:
                    opened[side].append((await newcomer.ask(address)).seconds)
                reran[side].append((await regular.ask(address)).seconds)
    return _medians(opened), _medians(reran)


async def _cpu_a_run(server: Server, page: str) -> float:
    """Seconds of processor time that the server spends on one run: the figure that a busy machine changes least."""
    process = psutil.Process(server.pid)
    async with visiting(server) as visitor:
        await visitor.ask(page)
        before = process.cpu_times()
        for _ in range(REPEATS):
            await visitor.ask(page)
        after = process.cpu_times()
    return (after.user + after.system - before.user - before.system) / REPEATS


async def _session(server: Server, addresses: tuple[str, ...], number: int, rounds: int) -> list[Answer]:
    """One person who walks through all pages without pause, each beginning at another one."""
    async with visiting(server) as visitor:
        return [await _asked(visitor, addresses[(number + step) % len(addresses)]) for step in range(rounds)]


async def _asked(visitor: Visitor, address: str) -> Answer:
    return await asyncio.wait_for(visitor.ask(address), 120)


def _bare(elements: Counter[str]) -> str:
    """A script that draws as many elements of the same kinds, and nothing else."""
    draws = [
        f"for n in range({count}):\n    {BARE_DRAWS.get(kind, OTHERWISE)}\n" for kind, count in sorted(elements.items())
    ]
    return BARE_TOP + "".join(draws)


def _grown(scratch: Path, size: str) -> Path:
    home = scratch / "companies"
    _say(f"growing a {size} demo company")
    command = [sys.executable, "-m", "pipelines", "demo", "--company", "demo", "--size", size]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "CROSSDOCK_HOME": str(home)}, stdout=sys.stderr, check=True)
    return home


def _medians(pair: tuple[list[float], list[float]]) -> tuple[float, float]:
    return _ms(statistics.median(pair[0])), _ms(statistics.median(pair[1]))


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

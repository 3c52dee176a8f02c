"""The demo company on the ordinary path: its extracts are landed like anybody's, and then it is refreshed."""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from errors import Refusal
from pipelines import demo, flow
from pipelines.demo import maturity as maturities
from store.company import Company, companies, create_company, open_company

WORLD = "world"


def grown(
    name: str,
    *,
    size: str,
    seed: int,
    advance_days: int | None,
    who: str,
    lands_only: bool = False,
    maturity: str | None = None,
    progress: Callable[[float, str], None] = flow.quiet,
    say: Callable[[str], None] = print,
) -> dict:
    """A company grown from a seed (or its world lived on for some days), its extracts landed and, unless `lands_only`, refreshed.

    Args:
        maturity: immature, middling or mature: its world is the same, and it lands only what such a company exports.

    Errors: a Refusal when the company holds somebody's own data, there is no world to advance, or no such maturity.
    """
    grown_as = _maturity(name, maturity, size)
    if advance_days is not None:
        company = open_company(name)
        _refuse_unless(company.is_demo, name, "It is not a demo company, so there is no world behind it to live on.")
        _refuse_unless(maturity is None, name, "A world lives on as what it was grown as; --maturity is for a new one.")
        told = [act for act in flow.ledger_of(company).acts() if act.kind not in flow.OWN_KINDS]
        acts = [
            {"act_id": act.act_id, "kind": act.kind, "subject": act.subject, "payload": act.payload} for act in told
        ]
        world = demo.advance(company.folder / WORLD, days=advance_days, acts=demo.carried_out(acts), progress=progress)
        say(f"The world lived on for {advance_days} days, to {world.last_date}.")
        for note in world.notes:
            say(f"  {note}")
    else:
        _refuse_unless(name not in companies(), name, "It exists already.")
        title = f"Northgate Supply ({maturity or 'demo'})"
        company = create_company(
            name, company_title=title, reporting_currency="EUR", timezone_name="Europe/Berlin", is_demo=True
        )
        try:
            world = demo.grow(company.folder / WORLD, size=size, seed=seed, progress=progress)
            if grown_as is not None:
                maturities.remember(company.folder / WORLD, grown_as)
        except BaseException:
            shutil.rmtree(company.folder, ignore_errors=True)
            raise
        say(
            f"Grew {name} ({size}, seed {seed}) from {world.first_date} to {world.last_date}: {len(world.files)} extracts."
        )
    files = maturities.landed(
        zip(world.files, world.exported_at, strict=True), maturities.maturity_of(company.folder / WORLD)
    )
    if grown_as is not None:
        say(grown_as.says)
    loads = _land_all(company, files, who=who, progress=progress, say=say)
    said = {"company": name, "loads": loads, "last_date": str(world.last_date)}
    if lands_only:
        return said
    result = flow.refresh(company, who=who, progress=progress)
    say(
        f"Build {result.build_id} published in {result.seconds:.1f} s, {result.set_aside} rows set aside. Look at it: streamlit run app.py"
    )
    return {**said, "build_id": result.build_id, "content_hash": result.content_hash}


def _maturity(name: str, maturity: str | None, size: str) -> maturities.Maturity | None:
    """What a company is to be grown as; None for the ordinary one."""
    if maturity is None:
        return None
    _refuse_unless(size != "tiny", name, "The tiny company is written by hand and has no maturity.")
    return maturities.maturity_named(maturity)


def _land_all(
    company: Company,
    files: list[tuple[Path, datetime]],
    *,
    who: str,
    progress: Callable[[float, str], None],
    say: Callable[[str], None],
) -> list[str]:
    loads = []
    for place, (path, exported_at) in enumerate(files):
        result = flow.land(company, path, who=who, at=exported_at, is_trusted=True)
        progress((place + 1) / len(files), f"landed {path.name}")
        counts = ", ".join(f"{part.accepted:,} {part.contract}" for part in result.parts)
        aside = sum(part.set_aside for part in result.parts)
        say(f"  {path.name}: {counts}" + (f"; {aside:,} set aside" if aside else ""))
        loads.append(result.load_id)
    return loads


def _refuse_unless(is_fine: bool, name: str, why: str) -> None:
    if not is_fine:
        fix = f"Take another name (--company NAME), let it live on (--advance DAYS), or delete its folder to begin again: {name}."
        raise Refusal(f"The demo company {name!r} was not grown.", why, fix)

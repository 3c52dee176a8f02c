"""Do outcomes tell who decides well: whose overrides help or hurt, and which agent has earned more or must be lowered?

    CROSSDOCK_HOME=… .venv/bin/python -m benchmarks.decisions [--company demo]

Reads the truth file that the demo's world keeps, which nothing else ever reads, and the current build of a company whose past was
written (`python -m decisions lived`) and refreshed. Truth for people is a world without their overrides: money that they cost is
positive. Agents are judged on a book without any levels, as if all began by suggesting. Prints one JSON line.
"""

import json

import polars as pl

from benchmarks.demo_truth import grown
from decisions import earning
from decisions.book import Book
from store.warehouse import Build

EXPECTED = {"override_helps": "helps", "override_hurts": "hurts", "override_without_effect": "no effect"}


def main() -> None:
    """Print the JSON line."""
    company, build, planted = grown(str(__doc__))
    people, agents = overrides(planted, build), levels(planted, build)
    told = {
        "benchmark": "decisions",
        "company": company.name,
        "as_of": build.facts()["as_of_date"].isoformat(),
        **counts(build),
        "people": people,
        "agents": agents,
        "recovered": sum(one["is_found"] for one in (*people, *agents)),
        "planted": len(people) + len(agents),
    }
    print(json.dumps(told))


def overrides(planted: pl.DataFrame, build: Build) -> list[dict]:
    """For each person with something planted: the verdict on their overrides beside the truth."""
    rows = build.query("select * from scores.override_value where action_kind_code = 'purchase'")
    said = {row["decider_name"]: row for row in rows.iter_rows(named=True)}
    found = []
    for kind, who, money in (
        planted.filter(pl.col("kind").is_in(list(EXPECTED))).select("kind", "subject_id", "money_amount").iter_rows()
    ):
        row = said.get(who)
        names = ("override_count", "override_gain_amount", "mean_amount", "low_amount", "high_amount")
        figures = {name: None if row is None or row[name] is None else round(float(row[name]), 2) for name in names}
        verdict = "nothing" if row is None else row["verdict_name"]
        found.append(
            {
                "person": who,
                "planted": kind,
                "truth_saved_amount": round(-money, 2),
                "verdict": verdict,
                **figures,
                "is_found": verdict == EXPECTED[kind],
            }
        )
    return found


def levels(planted: pl.DataFrame, build: Build) -> list[dict]:
    """For each agent with something planted: what its record makes of its level, and for the rest that nothing falls."""
    due = earning.dues(Book(), earning.records_of(build))
    moved = {one.agent: one for one in due if one.segment == ""}
    found = []
    for kind, who in planted.filter(pl.col("subject_kind") == "agent").select("kind", "subject_id").iter_rows():
        one = moved.get(who)
        is_found = one is not None and one.is_promotion == (kind == "agent_deserves_promotion")
        record = (
            {} if one is None else {"right": one.record.right, "matured": one.record.matured, "because": one.because}
        )
        found.append(
            {
                "agent": who,
                "planted": kind,
                "before": one and one.before,
                "after": one and one.after,
                **record,
                "is_found": is_found,
            }
        )
    return found


def counts(build: Build) -> dict:
    """How many decisions there are, how many have matured, and what they earned."""
    rows = build.query(
        "select count(*) as decisions, sum(case when is_matured then 1 else 0 end) as matured, "
        "sum(case when benefit_amount is not null then 1 else 0 end) as known, sum(benefit_amount) as benefit, "
        "sum(handling_amount) as handling from marts.decisions"
    ).row(0, named=True)
    counted = build.query("select sum(not_counted_amount) as amount from marts.decision_value")["amount"][0]
    return {name: float(value or 0) if "." in str(value) else int(value or 0) for name, value in rows.items()} | {
        "not_counted": float(counted or 0)
    }


if __name__ == "__main__":
    main()

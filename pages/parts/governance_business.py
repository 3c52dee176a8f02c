"""What the governance council reads of the business: value and its evidence, cost, decisions and adoption."""

import datetime as dt
from dataclasses import replace

import polars as pl

from pages.parts import ai_head, ai_split, ai_unpriced
from pages.parts.ask import ask, has_rows
from pages.parts.figures import Figure, figure, measure
from pages.parts.governance_pack import Line, Section
from pages.parts.page import Visit

DECISIONS, CLOSES, TRUST, BOUNDS = "marts.decisions", "marts.ai_closes", "marts.ai_trust", "raw.use_case_bounds"
RUNNING = ("pilot", "production")
NEEDS_LOG = "not known: upload an AI work log, which says which answers people took."
NO_DECISIONS = "No decision is known yet: decide on proposals on the page Decisions."
CLOSED_SQL = """
    select month_date, frozen_amount, actor_name
    from marts.ai_closes
    where is_latest and figure_name = 'net_earned_amount' and use_case_id = '*'
    order by month_date desc
    limit 1
"""
TAKEN_SQL = """
    select
        sum(answered_count) as answered_count,
        sum(accepted_count) as accepted_count,
        sum(edited_count) as edited_count,
        sum(rejected_count) as rejected_count,
        sum(case when stage_code in ('pilot', 'production') then 1 else 0 end) as running_count,
        count(*) as known_count
    from marts.ai_trust
    left join raw.use_case_bounds on use_case_bounds.use_case_id = ai_trust.use_case_id
"""


def verdict(visit: Visit) -> str:
    """The sentence that leads the pack: what AI and decisions net, and how sure that is."""
    head = ai_head.head(visit)
    return ai_head.NOTHING if head is None else ai_head.sentence(head, visit.words)


def section(visit: Visit) -> Section:
    """Value of the last month and of the months of the headline with its evidence, cost, decisions and adoption."""
    head = ai_head.head(visit)
    if head is None:
        nothing = f"{ai_head.NOTHING} Upload an AI usage log or an AI work log, or decide on proposals."
        worth = [Line("Net verified value", nothing, "value")]
    else:
        worth = _worth(visit, head)
    since, until = _months(visit, head)
    return Section("business", "Business", (*worth, _decisions(visit, since, until), _adoption(visit, since, until)))


def _worth(visit: Visit, head: ai_head.Head) -> list[Line]:
    """Net value of the last month that is over, of the months of the headline by evidence, and what AI cost."""
    words, last = visit.words, head.until.replace(day=1)
    since, until = _months(visit, head)
    net, bankable = (
        replace(figure(visit, name, since=since, until=until), title=title)
        for name, title in zip(ai_head.SUMS[:2], ("Net value, these months", "Bankable, these months"), strict=True)
    )
    graded = dict(
        measure(visit, ai_head.SUMS[0], by=("evidence_grade",), since=since, until=until)
        .select("evidence_grade", "value")
        .iter_rows()
    )
    by_grade = ", ".join(f"{grade} {words.money(graded.get(grade) or 0)}" for grade in ai_head.GRADES)
    cost, borne = (figure(visit, name, since=last, until=head.until) for name in ("ai_actual_cost", "ai_total_cost"))
    cost = replace(cost, title=f"Cost of AI, {words.month(last)} {last.year}")
    parted = ai_split.sentences(ai_split.split(visit, since, until), words)
    found = [
        Line("Last month", f"{ai_head.more(head, words)} {_closed(visit, last)}", "value", {"tab": "closed"}, (head.last,)),
        Line(
            f"{words.span(since, until)}",
            f"{words.value(net.value, net.unit, net.because)} net, {words.value(bankable.value, bankable.unit, bankable.because)} "
            f"bankable. By grade of evidence, before the cost of AI: {by_grade}.",
            "value", {"tab": "measured"}, (net, bankable),
        ),
        *(Line(name, said, "value") for name, said in parted.items()),
        Line(
            f"Cost of AI, {words.month(last)} {last.year}",
            f"{words.value(cost.value, cost.unit, cost.because)} in all; the net value bears "
            f"{words.value(borne.value, borne.unit, borne.because)}, and takes people's review and rework off the benefit.",
            "cost", {"tab": "actual"}, (cost,),
        ),
    ]  # fmt: skip
    if left_out := ai_unpriced.said(visit, since, until):
        found.append(Line("Left out", left_out, "cost", {"tab": "usage"}))
    return found


def _closed(visit: Visit, last: dt.date) -> str:
    """Who closed the last month, or which month was the last that somebody closed."""
    words = visit.words
    found = ask(visit, CLOSED_SQL) if has_rows(visit, CLOSES) else pl.DataFrame()
    if not found.height:
        return "Nobody has closed a month."
    month, amount, who = found.row(0)
    said = f"by {who} at {words.money(amount)}"
    if month == last:
        return f"Closed {said}."
    return f"Nobody has closed it; the last closed month is {words.month(month)} {month.year}, {said}."


def _decisions(visit: Visit, since: dt.date, until: dt.date) -> Line:
    """How many decisions were made, and how many of those with a known outcome were right."""
    if not has_rows(visit, DECISIONS):
        return Line("Decisions", NO_DECISIONS, "decisions")
    words = visit.words
    made, wrong = (
        replace(figure(visit, name, since=since, until=until), title=title)
        for name, title in (("decisions_made", "Decisions, these months"), ("wrong_share", "Wrong, these months"))
    )
    known = "none has a known outcome yet"
    if wrong.value is not None:
        known = (
            f"{words.share(1 - wrong.value)} right and {words.share(wrong.value)} wrong of the "
            f"{words.count(wrong.denominator)} whose outcome is known"
        )
    return Line(
        "Decisions",
        f"{words.span(since, until)}: {words.count(made.value)} made; {known}.",
        "decisions",
        {},
        (made, wrong),
    )


def _adoption(visit: Visit, since: dt.date, until: dt.date) -> Line:
    """How many use cases run, and what people do with the answers and proposals of AI."""
    words = visit.words
    if not has_rows(visit, TRUST) or not has_rows(visit, BOUNDS):
        return Line("Adoption", NEEDS_LOG, "use_cases")
    answered, accepted, edited, rejected, running, known = ask(visit, TAKEN_SQL).row(0)
    said = [f"{words.count(running)} of {words.count(known)} use cases run"]
    if answered:
        said.append(
            f"of {words.count(answered)} answers people took {words.share(accepted / answered)} as they were, edited "
            f"{words.share(edited / answered)} and rejected {words.share(rejected / answered)}"
        )
    else:
        said.append(f"what people do with answers is {NEEDS_LOG[:-1]}")
    figures: tuple[Figure, ...] = ()
    if has_rows(visit, DECISIONS):
        taken = figure(visit, "acceptance_share", since=since, until=until)
        said.append(f"of proposals {words.value(taken.value, taken.unit, taken.because)} were accepted")
        figures = (taken,)
    return Line("Adoption", f"{'; '.join(said)}.", "use_cases", {}, figures)


def _months(visit: Visit, head: ai_head.Head | None) -> tuple[dt.date, dt.date]:
    """The months of the headline, so that the sheet has one period; without one the year so far, to the day of the data."""
    if head is not None:
        return head.since, head.until
    until = visit.as_of or dt.date.min
    return until.replace(month=1, day=1), until

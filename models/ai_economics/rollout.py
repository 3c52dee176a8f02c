"""A roll-out that can be judged afterwards: which units begin when, how small an effect it can see, and whether that is small enough."""

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
import polars as pl

from models.ai_economics import permutation
from models.ai_economics.case_rows import fingerprint
from models.ai_economics.noise import Noise, noise
from models.ai_economics.power import mde_of_cases, mde_of_starts, weeks_needed

BASELINE_WEEKS = 12
LEAST_UNITS = 4
PAIRED_UNITS = 16  # with fewer, pairs leave too few assignments to show a small chance
DRAWS = 2000
KEPT_SHARE, KEPT_LEAST = 0.1, 40
WAVE_WEEKS = 4
UNITS = {
    "unit_name": pl.String, "arm_code": pl.String, "pair_no": pl.Int64, "start_date": pl.Date, "level_number": pl.Float64,
    "trend_number": pl.Float64,
}  # fmt: skip
ALTERNATIVES = {
    "alternative_name": pl.String, "detectable_share": pl.Float64, "is_enough": pl.Boolean, "week_count": pl.Int64,
    "because_text": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Rollout:
    """A proposed roll-out and what it can show.

    Attributes:
        units: who begins when (`start_date`, null for those compared with), with level and weekly trend of the weeks before.
        noise: what the past weeks say of the measure's noise; None where they say too little.
        detectable_share: smallest effect found four times in five, as a share of the level.
        weeks_needed: weeks after the start until the planned effect can be found; None where two years are not enough.
        smallest_p: smallest chance that any result could show, asked one way.
        can_confirm: whether the planned effect is at least as large as the smallest that can be found.
        says: what a person should know, in sentences; the first one is the verdict.
        alternatives: other ways to learn it, with what each could find.
        baseline_weeks, baseline_key: the weeks that it rests on, and their fingerprint to freeze.
        is_refused: whether it must not begin: without a baseline no effect and no return can be shown later.
    """

    units: pl.DataFrame
    noise: Noise | None
    detectable_share: float | None
    weeks_needed: int | None
    smallest_p: float | None
    can_confirm: bool
    says: tuple[str, ...]
    alternatives: pl.DataFrame
    baseline_weeks: int
    baseline_key: str | None
    is_refused: bool


def designed(
    panel: pl.DataFrame, *, planned_effect_share: float, start_date: dt.date, weeks_after: int = 12, treated_count: int | None = None,
    waves: int = 1, cases_per_week: float | None = None, case_spread_share: float = 1.0, seed: int = 1,
) -> Rollout:  # fmt: skip
    """A proposal from past weeks, or a refusal where they are too few.

    Units are drawn by lot, but only among those assignments that balance level and trend best; with sixteen or more, similar units
    form pairs first, and the lot falls within each pair.

    Args:
        panel: unit_name, week_date (Mondays) and measured_number of weeks in which nothing was tried yet; one row a unit and week.
        planned_effect_share: what the plan counts on, as a share of the level; its sign does not matter.
        start_date: Monday of the first start.
        treated_count: units that begin; half of them where none is given.
        waves: start weeks, four weeks apart.
        cases_per_week: cases of all units, for the alternative of drawing lots case by case; not offered where unknown.
        case_spread_share: spread of single cases as a share of the level (assumption 1 where unknown).
    """
    past = panel.filter(pl.col("week_date") < start_date, pl.col("measured_number").is_not_null())
    names, weeks, seen = _grid(past)
    key = fingerprint(
        past.rename({"unit_name": "work_id", "week_date": "opened_at", "measured_number": "hands_on_minutes"})
    )
    if len(weeks) < BASELINE_WEEKS or len(names) < LEAST_UNITS or not seen.mean() > 0:
        return _refused(len(names), len(weeks), key)
    found, slopes = noise(seen), _slopes(seen)
    count = min(max(treated_count or len(names) // 2, 1), len(names) - 1)
    treated, pair, choices = _assigned(seen.mean(axis=1), slopes, count, seed)
    turns = np.where(treated, 0.0, np.inf)
    turns[treated] = np.random.default_rng([seed, 1]).permutation(count) % max(waves, 1)
    asked = _Asked(found, len(weeks), weeks_after, abs(planned_effect_share))
    least = asked.detectable(turns)
    needed = asked.weeks_needed(len(names), count / len(names))
    return Rollout(
        units=_table(names, pair, seen.mean(axis=1), slopes, _dates(turns, start_date)),
        noise=found,
        detectable_share=round(least, 6) if math.isfinite(least) else None,
        weeks_needed=needed,
        smallest_p=1 / choices,
        can_confirm=least <= asked.plan,
        says=(*asked.says(least, needed), _lot(count, len(names), choices)),
        alternatives=asked.alternatives(len(names), cases_per_week, case_spread_share),
        baseline_weeks=len(weeks),
        baseline_key=key,
        is_refused=False,
    )


@dataclass(frozen=True)
class _Asked:
    """What a pilot is to show, and in what noise."""

    noise: Noise
    before: int
    after: int
    plan: float

    def detectable(self, turns: np.ndarray, after: int | None = None) -> float:
        """The smallest effect that units find which begin in such turns, as a share of the level."""
        weeks = self.before + (after or self.after)
        starts = self.before + WAVE_WEEKS * turns
        sigma = self.noise.sigma / self.noise.level
        return mde_of_starts(starts, weeks, sigma=sigma, rho=self.noise.rho, serial=self.noise.serial)

    def weeks_needed(self, units: int, share: float) -> int | None:
        """Weeks after one common start until the planned effect can be found."""
        sigma, rho, serial = self.noise.sigma / self.noise.level, self.noise.rho, self.noise.serial
        return weeks_needed(
            self.plan, units=units, sigma=sigma, rho=rho, serial=serial, before=min(self.before, BASELINE_WEEKS), treated_share=share
        )  # fmt: skip

    def says(self, least: float, needed: int | None) -> tuple[str, ...]:
        """The verdict, the time and the noise, a sentence each."""
        verdict = "This pilot can confirm the plan" if least <= self.plan else "This pilot cannot confirm the plan"
        seen = f"the smallest effect that it finds four times in five is {least:.2%} of the level"
        time = f"With one common start it takes {needed} weeks after it to find the planned effect."
        if needed is None:
            time = "Not even two years after the start would be enough with these sites."
        off, stays = self.noise.sigma / self.noise.level, self.noise.rho
        moves = (
            f"One site's week is off by {off:.1%} of the level, and {stays:.0%} of that variance stays with the site."
        )
        return f"{verdict}: {seen}, and the plan counts on {self.plan:.2%}.", time, moves

    def alternatives(self, units: int, cases: float | None, spread: float) -> pl.DataFrame:
        """Other ways to learn it, by what each could find."""
        half = np.where(np.arange(units) < units // 2, 0.0, np.inf)
        steps = np.arange(units) % max(self.after // WAVE_WEEKS, 2)
        rows = [
            (
                "stepped wedge", self.detectable(steps.astype(float)), self.after,
                "Every site begins, in an order drawn by lot: nobody goes without, and each is compared with those still to come.",
            ),
            (
                "longer panel", self.detectable(half, 2 * self.after), 2 * self.after,
                "The same sites for twice as long: cheap, but it helps little where few sites are the trouble.",
            ),
        ]  # fmt: skip
        if cases:
            least = mde_of_cases(cases=cases * self.after, sigma=spread)
            said = "Draw lots case by case inside every site: what befalls a whole site falls out, and cases count instead of sites."
            rows.insert(0, ("queue split", least, self.after, said))
        told = [
            (name, round(least, 6) if math.isfinite(least) else None, least <= self.plan, weeks, said)
            for name, least, weeks, said in rows
        ]
        return pl.DataFrame(told, schema=ALTERNATIVES, orient="row")


def _grid(past: pl.DataFrame) -> tuple[list[str], list[dt.date], np.ndarray]:
    """Units with a figure in every one of the last weeks, those weeks, and the figures."""
    weeks = past["week_date"].unique().sort().to_list()
    wide = past.group_by("unit_name", "week_date").agg(pl.col("measured_number").mean())
    whole = wide.group_by("unit_name").agg(pl.len()).filter(pl.col("len") == len(weeks))["unit_name"].sort().to_list()
    kept = wide.filter(pl.col("unit_name").is_in(whole)).sort("unit_name", "week_date")
    return whole, weeks, kept["measured_number"].cast(pl.Float64).to_numpy().reshape(len(whole), len(weeks))


def _slopes(seen: np.ndarray) -> np.ndarray:
    """Each unit's trend a week, by least squares."""
    time = np.arange(seen.shape[1]) - (seen.shape[1] - 1) / 2
    return (seen - seen.mean(axis=1, keepdims=True)) @ time / (time @ time)


def _assigned(
    levels: np.ndarray, slopes: np.ndarray, count: int, seed: int
) -> tuple[np.ndarray, np.ndarray | None, int]:
    """Who is treated, the pair of each unit where there are pairs, and out of how many assignments the lot was drawn."""
    about = np.column_stack([_standard(levels), _standard(slopes)])
    dice = np.random.default_rng(seed)
    units = len(levels)
    if units >= PAIRED_UNITS and units % 2 == 0 and count == units // 2:
        pair = _pairs(about)
        treated = np.zeros(units, dtype=bool)
        for one in range(units // 2):
            treated[dice.choice(np.flatnonzero(pair == one))] = True
        return treated, pair, 2 ** (units // 2)
    drawn = permutation.assignments([1] * count + [0] * (units - count), seed=seed, most=DRAWS).astype(bool)
    gaps = drawn @ about / count - (~drawn) @ about / (units - count)
    order = np.argsort((gaps**2).sum(axis=1).round(12), kind="stable")
    kept = order[: max(KEPT_LEAST, int(KEPT_SHARE * len(order)))]
    return drawn[int(dice.choice(kept))], None, len(kept)


def _pairs(about: np.ndarray) -> np.ndarray:
    """The pair of each unit: the two that are most alike first, then the next two."""
    far = ((about[:, None] - about[None]) ** 2).sum(axis=2)
    np.fill_diagonal(far, np.inf)
    pair, number = np.full(len(about), -1), 0
    while (pair < 0).any():
        one, other = np.unravel_index(np.argmin(far), far.shape)
        pair[[one, other]] = number
        far[[one, other]], far[:, [one, other]] = np.inf, np.inf
        number += 1
    return pair


def _dates(turns: np.ndarray, start: dt.date) -> list[dt.date | None]:
    """The first week with AI of each unit, None for those that do not begin."""
    return [start + dt.timedelta(weeks=WAVE_WEEKS * int(turn)) if math.isfinite(turn) else None for turn in turns]


def _table(
    names: list[str], pair: np.ndarray | None, levels: np.ndarray, slopes: np.ndarray, starts: list[dt.date | None]
) -> pl.DataFrame:
    """One row a unit."""
    rows = [
        (
            name,
            "alone" if starts[place] is None else "assisted",
            None if pair is None else int(pair[place]) + 1,
            starts[place],
            round(float(levels[place]), 6),
            round(float(slopes[place]), 6),
        )
        for place, name in enumerate(names)
    ]
    return pl.DataFrame(rows, schema=UNITS, orient="row")


def _lot(count: int, units: int, choices: int) -> str:
    drawn = f"{count} of {units} sites begin, drawn out of {choices:,} assignments that balance level and trend"
    return f"{drawn}: no result can show a chance below {1 / choices:.3g}."


def _refused(units: int, weeks: int, key: str | None) -> Rollout:
    lacks = (
        f"only {weeks} weeks before the start are measured at every unit, and {BASELINE_WEEKS} are needed"
        if weeks < BASELINE_WEEKS
        else f"{units} units were measured in every week, and {LEAST_UNITS} with a level above nought are needed"
    )
    says = (f"Do not begin yet: {lacks}. Without a baseline no effect and no return can be shown later.",)
    return Rollout(
        pl.DataFrame(schema=UNITS), None, None, None, None, False, says, pl.DataFrame(schema=ALTERNATIVES), weeks, key, True
    )  # fmt: skip


def _standard(of: np.ndarray) -> np.ndarray:
    spread = float(of.std())
    return (of - of.mean()) / spread if spread > 0 else np.zeros_like(of)

"""What is true of the demo company's use cases: which deserves its money, which does harm, and which nobody can judge yet."""

from pipelines.demo import ai_cases, ai_models, ai_work
from pipelines.demo.ai_calls import calls
from pipelines.demo.ai_cases import ORDERS, QUESTIONS, SUMMARIES, USE_CASES
from pipelines.demo.clock import date_of
from pipelines.demo.world import World

YEAR = 365
FUND, STOP, UNCLEAR = "ai_use_case_fund", "ai_use_case_stop", "ai_use_case_unclear"
SAYS = {
    ORDERS: (FUND, "Fund it: orders typed in with help take less time and hold fewer errors, and they are worth more than they cost."),
    QUESTIONS: (STOP, "Stop it: questions take fewer minutes, but wrong commitments and reopened questions cost more than that saves."),
    SUMMARIES: (UNCLEAR, "Cannot be judged yet: a dozen documents a month, nobody works without help, and nothing was timed before."),
}  # fmt: skip


def truths(world: World) -> list[tuple]:
    """A row of the truth for each use case that has begun; the money is what it is truly worth a year, tokens paid, shared costs not.

    It is the expected difference between each case with help and the same case without, over the last twelve months of help.
    """
    begun = ai_cases.first_day(world.net)
    if world.day < begun:
        return []
    first = max(begun, world.day - YEAR + 1)
    found = ai_cases.cases(world, first - 1)
    if not len(found["day"]):
        return []
    first = int(found["day"].min())  # later, where the world was grown before work was timed
    came, made = ai_work.outcomes(world.net, found), calls(world, first - 1)
    days, rows = world.day - first + 1, []
    for use, (kind, says) in SAYS.items():
        mine = (found["use"] == use) & (came["arm"] == 1)
        if not mine.any():
            continue
        # The first kinds of run stand in the order of the use cases.
        tokens = ai_models.cost(made)[made["kind"] == use].sum() / ai_models.USD_PER_EUR
        worth = (float(came["worth"][mine].sum()) - float(tokens)) * YEAR / days
        rows.append((f"U{use + 1}", kind, "use_case", USE_CASES[use], date_of(begun), None, round(worth, 2), says))
    return rows

"""The sections of the one policy for AI: each reads the place where its part is kept, and says where the product enforces it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from decisions.autonomy import LEVELS
from decisions.book import Book
from decisions.drafting import LONGEST_KEPT, PROMPT_VERSION
from decisions.policy import Policy, Rule
from decisions.policy_text import packaged
from decisions.proposers.words import TEMPLATES, version_of
from decisions.registers import data_classes, row_now
from decisions.roles import ACTS, INCOMPATIBLE, who_may
from models.ai_economics.use_case import Control, UseCase, is_sound, use_case

# What takes a right, of all rights, because it puts AI to work, changes it, or says what it may do.
RIGHTS = (
    "register_use_case", "choose_technique", "place_use_case", "switch_control", "pin_model", "run_agents", "author_policy",
    "approve_policy", "grant_roles",
)  # fmt: skip
OWNERS = ("ownership/deployers", "ownership/model_updates", "ownership/edge_approval", "vendors/model_providers")
READS = ("ownership/approved_sources", "residency/customers_personal", "residency/region_models")
ASKS = ("ownership/prompts", "ownership/retrieval_sources", "ownership/controls_on")
APPROVES = ("ownership/actions_approved", "ownership/workflow_rules", "training/approvers", "training/escalation")
KEEPS = (
    "security_baseline/call_log", "security_baseline/model_versions", "residency/keep_calls", "residency/keep_prompts",
    "residency/keep_acts", "residency/keep_extracts",
)  # fmt: skip
CLASSES = tuple(f"data_classes/{name}" for name in data_classes())
REGISTER_ROWS = frozenset({*OWNERS, *READS, *ASKS, *APPROVES, *KEEPS, *CLASSES})
# What is logged, where it lies, and which part of the product writes it there.
LOGGED = (
    ("acts of people and agents", "the ledger: each sealed with the hash of the one before, none ever changed", "store/ledger.py"),
    (
        "calls to models that Crossdock makes",
        f"the note of the act: use case, model, tokens, and the first {LONGEST_KEPT:,} characters of prompt and answer",
        "decisions/drafting.py",
    ),
    ("calls that a budget refused", "the note of the act", "decisions/ai_budget.py"),
    ("calls of other systems", "the log of calls that is uploaded: seen here, refused there", "data/contracts/ai_calls.yml"),
    ("cases worked with AI", "the work log that is uploaded", "data/contracts/ai_cases.yml"),
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """An extract that may be read: its name and title, its grade ("" where nothing came), who answers for it, how old it may be."""

    name: str
    title: str
    grade: str = ""
    owner: str = ""
    target_days: float | None = None


@dataclass(frozen=True)
class Section:
    """One part of the policy: what it says, how it is enforced, the files that do so, and its entries, each named by its first field."""

    key: str
    title: str
    enforced: str
    where: tuple[str, ...]
    entries: tuple[Mapping[str, Any], ...]


def deploying(book: Book) -> Section:
    """Who may put models to work and change them: rights by role, what no one person may do twice, pinned models, owners."""
    rights = [{"right": name, "lets": ACTS[name], "roles": who_may(name)} for name in RIGHTS]
    apart = sorted((" and ".join(sorted(pair)), why) for pair, why in INCOMPATIBLE.items() if pair & set(RIGHTS))
    pinned = [{"model_pinned": model, "by": who} for model, who in sorted(book.pins.items())]
    return Section(
        "deploying",
        "Who may put models to work and change them",
        "The desk refuses whoever has not the right when the act is done, and an agent has none of these. Rows of registers are declared "
        "by people; their page holds them against the data.",
        ("decisions/roles.py", "decisions/checks.py", "decisions/duties.py", "decisions/registers.py"),
        (*rights, *({"kept_apart": acts, "because": why} for acts, why in apart), *pinned, *_rows(book, OWNERS)),
    )


def reading(book: Book, built: Mapping[str, Mapping[str, Any]], sources: Iterable[Source]) -> Section:
    """Which data may be read: extracts with a contract, classes of data with who sees them, and what may go to models by use case."""
    extracts = [
        {"source": one.name, "title": one.title, "grade": one.grade or "nothing came", "answers_for_it": one.owner or "nobody is named",
         **({} if one.target_days is None else {"days_it_may_be_old": _number(one.target_days)})}
        for one in sorted(sources, key=lambda one: one.name)
    ]  # fmt: skip
    classes = [
        {"class": name, "columns": list(said["columns"]), "seen_by": list(said["open_to"]), "may_lie_in": said["region"],
         "may_go_to_providers": said["to_providers"], "kept_days": said["keep_days"], "deleted_by": said["deleted_by"],
         **_class(book, name)}
        for name, said in data_classes().items()
    ]  # fmt: skip
    cases = [
        {
            "data_of_use_case": case.use_case_id,
            "class": case.needs.data_class,
            "may_leave_own_machines": not case.needs.must_stay,
            "at_sites_at_most": list(case.needs.minimum_data),
        }
        for case in _running(book, built)
    ]
    return Section(
        "data",
        "Which data may be read, and which may go to models",
        "What has no contract is not accepted. Pages leave closed classes out. Names of parties are put into letters after the model has "
        "answered, so it never sees them. A way that a use case's data may not take is forbidden by a gate of placement. Where a class may "
        "lie, whether it may go to providers and how long it is kept is declared and watched, and blocks nothing.",
        (
            "pipelines/check.py",
            "pages/parts/sensitive.py",
            "decisions/drafting.py",
            "models/ai_economics/placement_gates.py",
        ),
        (*extracts, *classes, *cases, *_rows(book, READS)),
    )


def prompting(book: Book, built: Mapping[str, Mapping[str, Any]]) -> Section:
    """Prompts and templates by version, and each running use case with its models, its place, its technique and its controls."""
    texts = [{"prompt": "rewording of letters", "version": PROMPT_VERSION}]
    texts += [{"template": name, "version": version_of(text)} for name, text in sorted(TEMPLATES.items())]
    cases = [
        {
            "use_case": case.use_case_id,
            "name": case.name,
            "stage": case.stage,
            "owner": case.owner,
            "autonomy": case.autonomy,
            "runs_at": case.deployment,
            "models": [f"{provider} {model} {share:.0%}" for provider, model, share in case.models],
            "techniques": [f"{act.payload['technique']} for {act.subject}" for act in book.ai.techniques_of(case.use_case_id)],
            "controls": [_control(one) for one in case.controls],
        }
        for case in _running(book, built)
    ]  # fmt: skip
    return Section(
        "prompts",
        "Prompts, retrieval, models and controls in force",
        "A prompt or template has the hash of its text as its version, which stands in each letter. Enforced controls bind what "
        "Crossdock itself does; declared ones are counted after the fact, and what was not kept stays out of production.",
        ("decisions/proposers/words.py", "decisions/drafting.py", "decisions/ai_budget.py", "decisions/scaling.py"),
        (*texts, *cases, *_rows(book, ASKS)),
    )


def approving(book: Book) -> Section:
    """Each kind of action: the version of its policy, what needs approval or is refused, the caps and the level of agents."""
    kinds = [_kind(book, book.policy(kind)) for kind in packaged()]
    calendar = {
        "calendar": "frozen" if book.frozen_because else "open",
        "because": book.frozen_because or "nobody froze it",
    }
    return Section(
        "approvals",
        "Which actions need approval, and how far agents may act",
        "Every proposal is judged by the policy in force, and again when it is approved; what several rules ask for "
        "adds up, and what no rule lets through is refused. The level "
        "of an agent never passes the ceiling, and rises only by a person with the right.",
        ("decisions/policy.py", "decisions/ruling.py", "decisions/levels.py", "decisions/earning.py"),
        (*kinds, calendar, *_rows(book, APPROVES)),
    )


def logging(book: Book) -> Section:
    """What is logged where, and how long it is kept by the registers."""
    logs = [{"logged": what, "lies_in": where, "written_by": path} for what, where, path in LOGGED]
    return Section(
        "logging",
        "What is logged, where, and for how long",
        "The ledger cannot be shortened, and every seal can be verified on the page Decisions. How long the rest is kept is "
        "asked by the register; the age of files and logs is held against it, and what is too old is named on the page Risks and controls.",
        ("store/ledger.py", "pipelines/sql/marts/register_facts.sql", "data/registers/residency.yml"),
        (*logs, *_rows(book, KEEPS)),
    )


def _kind(book: Book, policy: Policy) -> dict[str, Any]:
    level = book.level(policy.kind)
    own = {
        segment: held.level for (kind, segment), held in sorted(book.levels.items()) if kind == policy.kind and segment
    }
    return {
        "action": policy.kind,
        "title": policy.title,
        "version": policy.version,
        "undone": policy.reversibility.replace("_", " "),
        "proposed_by": list(policy.proposers),
        "rules": [rule_in_words(rule) for rule in policy.rules],
        "agents": {
            "wishes_a_day": policy.agents.per_day,
            "money_a_day": _number(policy.agents.moved_amount_per_day),
            "stop_below_confidence": _number(policy.agents.stop_below_confidence),
            "level": f"{level}: {LEVELS[level]}",
            "ceiling": f"{policy.autonomy.ceiling}: {LEVELS[policy.autonomy.ceiling]}",
            **({"levels_of_segments": own} if own else {}),
        },
    }


def rule_in_words(rule: Rule) -> str:
    """A rule in one line.

    >>> rule_in_words(Rule("too dear", "require", {"moved_amount": {"above": 750}}, approvals=2))
    'too dear: takes 2 approvals (approver) if moved amount above 750'
    >>> rule_in_words(Rule("frozen", "forbid", {"is_frozen": True}))
    'frozen: refused if is frozen yes'
    """
    plural = "" if rule.approvals == 1 else "s"
    does = {
        "permit": "let through",
        "require": f"takes {rule.approvals} approval{plural} ({' or '.join(rule.of)})",
        "forbid": "refused",
    }[rule.effect]
    tests = " and ".join(f"{name.replace('_', ' ')} {_test(test)}" for name, test in rule.when.items())
    return f"{rule.name}: {does} {f'if {tests}' if tests else 'always'}"


def _test(test: Any) -> str:
    if isinstance(test, Mapping):
        return " and ".join(f"{word.replace('_', ' ')} {_test(limit)}" for word, limit in test.items())
    if isinstance(test, bool):
        return "yes" if test else "no"
    return " or ".join(str(one) for one in test) if isinstance(test, list | tuple) else str(test)


def _control(one: Control) -> str:
    limit = "" if one.limit is None else f", limit {_number(one.limit)}"
    return f"{one.control}: {'on' if one.is_on else 'off'}, {one.how}{limit}"


def _running(book: Book, built: Mapping[str, Mapping[str, Any]]) -> Iterator[UseCase]:
    """The use cases that run, as they are defined now, by id."""
    for name in sorted({*built, *book.ai.changes}):
        definition = book.ai.definition(name, built.get(name, {}))
        if is_sound(definition) and (case := use_case(definition)).is_running:
            yield case


def _rows(book: Book, subjects: Iterable[str]) -> list[dict[str, str]]:
    return [row_now(book, subject) for subject in subjects]


def _class(book: Book, name: str) -> dict[str, str]:
    return {key: part for key, part in row_now(book, f"data_classes/{name}").items() if key != "row"}


def _number(said: float | Decimal) -> int | str:
    """A number as text keeps it: whole where it is whole, and never with noughts that say nothing.

    >>> _number(40.0), _number(Decimal("0.60")), _number(0.6)
    (40, '0.6', '0.6')
    """
    exact = Decimal(str(said)).normalize()
    return int(exact) if exact == exact.to_integral_value() else f"{exact:f}"

"""A sheet of no known system: the extract whose columns its headings name, and how it writes dates and numbers."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from errors import Refusal
from pipelines import contract as contract_book
from pipelines.contract import Contract
from pipelines.matching import Match, Texts, matches, plain_words
from pipelines.profile import DASHES, NOTHING, DateForms, date_forms, decimal_sign, fit
from pipelines.recognition import ORDER_WORDS, Question, Recognition
from pipelines.sheet import Sheet
from pipelines.source import Feed, Reading, Rule
from pipelines.words import listed

LEAST_SHARE, ENOUGH = 0.25, 4  # of the headings, or columns found, below which a likeness is chance
HINT_WEIGHT = 0.5  # a word of the file's name counts half as much as a heading
CLEARLY = 0.05
DATED = ("date", "instant")
WORDS = ("id", "code", "key", "name", "text", "boolean", "map")
DATE_IN_NAME = re.compile(r"(?<!\d)(20\d{2})[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")


@dataclass(frozen=True)
class Candidate:
    """A contract held against the headings: what was found, what is missing, and how much of the file it explains."""

    rules: Contract
    found: dict[str, Match]
    constants: dict[str, str]
    missing: tuple[str, ...]
    weight: float

    @classmethod
    def of(cls, rules: Contract, texts: Texts, file_name: str, said: dict, *, is_named: bool = False) -> "Candidate":
        """The contract held against these headings; a date that alone is missing may stand in the file's name.

        An id that could be made of each record is missed all the same where nobody named the contract and little else is there.
        """
        found = _with_answers(rules, matches(rules, texts, fit), texts, said.get("columns") or {})
        made = (
            [c.name for c in rules.columns if c.otherwise == "record"] if len(found) < ENOUGH and not is_named else []
        )
        missing = tuple(name for name in (*made, *rules.required) if name not in found)
        constants = {}
        if len(missing) == 1 and rules.column(missing[0]).type in ("date", "instant") and (day := _date_in(file_name)):
            constants, missing = {missing[0]: day.isoformat()}, ()
        weight = sum(match.score for match in found.values()) / 100 + _hint(rules, file_name)
        return cls(rules, found, constants, missing, weight)


def _choice(sheet: Sheet, texts: Texts, file_name: str, said: dict) -> Candidate:
    """The one contract that explains the headings best; refused when none does, or two do equally well."""
    held = [Candidate.of(rules, texts, file_name, {}) for rules in contract_book.contracts().values()]
    whole = sorted(
        (one for one in held if not one.missing and _explains_enough(one, texts) and _keeps_grain(one, sheet)),
        key=lambda one: -one.weight,
    )
    names = "--as with one of: " + ", ".join(contract_book.contracts()) + "."
    if not whole:
        nearest = max(held, key=lambda one: (len(one.found) - len(one.missing), one.weight))
        lacking = f" and lacks {listed(nearest.missing)}" if nearest.missing else ""
        raise Refusal(
            f"{file_name} was not recognised.",
            f"Its headings ({listed(list(texts))}) are those of no known source and fit no extract well enough. "
            f"The nearest is {nearest.rules.title}: it finds {listed(list(nearest.found))}{lacking}.",
            f"Say what it is: {names} Name single columns with --map COLUMN=HEADING.",
        )
    if len(whole) > 1 and whole[0].weight - whole[1].weight < CLEARLY:
        raise Refusal(
            f"{file_name} was not recognised.",
            f"It could be {whole[0].rules.title} or {whole[1].rules.title}: both find {len(whole[0].found)} columns.",
            f"Say which it is: --as {whole[0].rules.name} or --as {whole[1].rules.name}.",
        )
    best = whole[0]
    return Candidate.of(best.rules, texts, file_name, said) if said.get("columns") else best


def _explains_enough(one: Candidate, texts: Texts) -> bool:
    count = len(one.found)
    return count >= min(2, len(one.rules.columns), len(texts)) and (
        count >= ENOUGH or count >= LEAST_SHARE * len(texts)
    )


def _keeps_grain(one: Candidate, sheet: Sheet) -> bool:
    """Whether the key tells the first rows apart; a list of sales by SKU is no list of SKUs."""
    if not all(name in one.found for name in one.rules.key):
        return True
    keys = [tuple(row[one.found[name].header] for name in one.rules.key) for row in sheet.sample]
    return len(set(keys)) >= len(keys) / 2


def _with_answers(rules: Contract, found: dict[str, Match], texts: Texts, columns: dict[str, str]) -> dict[str, Match]:
    """The matches with what a person said put over them; a heading that was named is free for no other column."""
    named = {column.name for column in rules.columns}
    for column, header in columns.items():
        if column not in named:
            raise Refusal(
                f"{column!r} was not mapped.",
                f"{rules.title} has no such column.",
                f"Use one of: {listed(sorted(named))}.",
            )
        if header and header not in texts:
            raise Refusal(
                f"{column!r} was not mapped.",
                f"The file has no heading {header!r}.",
                f"Use one of: {listed(list(texts))}.",
            )
    kept = {
        name: match for name, match in found.items() if name not in columns and match.header not in columns.values()
    }
    kept |= {name: Match(name, header, 100.0, "you said so") for name, header in columns.items() if header}
    return {column.name: kept[column.name] for column in rules.columns if column.name in kept}


def recognised(sheet: Sheet, file_name: str, contract: str | None, said: dict) -> Recognition:
    """The extract that a sheet of no known system is, or how it is read as the one that the person named."""
    texts = {header: sheet.seen.get(header) or _sampled(sheet, header) for header in sheet.columns}
    named = contract_book.contract(contract) if contract else None
    chosen = (
        Candidate.of(named, texts, file_name, said, is_named=True) if named else _choice(sheet, texts, file_name, said)
    )
    rules = chosen.rules
    if chosen.missing:
        raise Refusal(
            f"{file_name} was not read as {rules.title}.",
            f"No heading was found for {listed(chosen.missing)}; the headings are {listed(list(texts))}.",
            f"Say which heading it is: --map {chosen.missing[0]}=HEADING.",
        )
    dates, date_reasons, questions = _dates(chosen, texts, said.get("dates"))
    decimal, decimal_reasons, more = _decimal(sheet, chosen, texts, said.get("decimal"))
    reading = Reading(
        source="generic",
        file=rules.name,
        headers=tuple(match.header for match in chosen.found.values()),
        feeds=(Feed(rules.name, _rules_of(chosen)),),
        dates=dates.forms,
        decimal=decimal,
        nothing=_nothing(chosen, texts),
    )
    unmapped = tuple(header for header in sheet.columns if header not in reading.named_headers)
    suggestions = {name: (match.header, match.score, match.why) for name, match in chosen.found.items()}
    because = (*_reasons(chosen, texts, file_name), *date_reasons, *decimal_reasons)
    sureness = sum(match.score for match in chosen.found.values()) / max(len(chosen.found), 1) / 100
    confidence = round(sureness * (0.6 + 0.4 * len(chosen.found) / len(texts)), 3)
    return Recognition(reading, because, confidence, suggestions, unmapped, (*questions, *more))


def _rules_of(chosen: Candidate) -> dict[str, Rule]:
    headers = {name: Rule(header=match.header) for name, match in chosen.found.items()}
    return headers | {name: Rule(value=text) for name, text in chosen.constants.items()}


def _reasons(chosen: Candidate, texts: Texts, file_name: str) -> list[str]:
    rules = chosen.rules
    reasons = [
        f"{len(chosen.found)} of the {len(texts)} headings are columns of {rules.title}, among them all that it must have."
    ]
    if _hint(rules, file_name):
        reasons.append(f"The file's name {file_name!r} says so too.")
    for name, day in chosen.constants.items():
        reasons.append(f"No heading was found for {name}; {day} is taken from the file's name.")
    reasons += [
        f"{match.why[:1].upper()}{match.why[1:]} ({name})." for name, match in chosen.found.items() if match.score < 97
    ]
    return reasons


def _dates(chosen: Candidate, texts: Texts, answer: str | None) -> tuple[DateForms, list[str], list[Question]]:
    headers = [match.header for name, match in chosen.found.items() if chosen.rules.column(name).type in DATED]
    forms = date_forms((text for header in headers for text in texts[header]), answer)
    if forms.open_texts:
        column = next(header for header in headers if forms.open_texts[0] in map(str.strip, texts[header]))
        return forms, [], [Question("date_order", column, forms.open_texts, forms.open_orders)]
    if forms.settled_by:
        text, order = forms.settled_by
        but = f"You said {answer}, but dates" if answer and answer != order else "Dates"
        return forms, [f"{but} are written {ORDER_WORDS[order]}: {text!r} can be nothing else."], []
    return forms, [f"You said that dates are written {ORDER_WORDS[answer]}."] if answer and forms.forms else [], []


def _decimal(
    sheet: Sheet, chosen: Candidate, texts: Texts, answer: str | None
) -> tuple[str, list[str], list[Question]]:
    if answer:
        return answer, [f"You said that the decimal sign is {answer!r}."], []
    headers = [m.header for name, m in chosen.found.items() if chosen.rules.column(name).type not in WORDS + DATED]
    numbers = (text for header in headers for text in texts[header])
    sign, witness = decimal_sign(numbers, sheet.delimiter if sheet.file_kind == "csv" else None)
    if sign is None:
        column = next(header for header in headers if witness in texts[header])
        return ".", [], [Question("decimal", column, (str(witness),), (".", ","))]
    return sign, [f"The decimal sign is {sign!r}: {witness!r} tells."] if witness and sign == "," else [], []


def _nothing(chosen: Candidate, texts: Texts) -> tuple[str, ...]:
    """The words for no value: the usual ones, and dashes and the like that stand only where figures are wanted."""
    typed = {m.header for name, m in chosen.found.items() if chosen.rules.column(name).type not in WORDS}
    among_figures = {text.strip().lower() for header in typed for text in texts[header]}
    among_words = {text.strip().lower() for header in texts if header not in typed for text in texts[header]}
    return (*NOTHING, *(word for word in DASHES if word in among_figures and word not in among_words))


def _hint(rules: Contract, file_name: str) -> float:
    """How much the file's name speaks for a contract: half a heading for each word of its name or title, if all are there."""
    there = _stems(PurePath(file_name).name.split(".")[0])
    wanted = [_stems(rules.name), _stems(rules.title)]
    return HINT_WEIGHT * max((len(words) for words in wanted if words <= there), default=0)


def _stems(name: str) -> set[str]:
    return {word.rstrip("s") for word in plain_words(name.replace("_", " ")).split() if not word.isdigit()}


def _date_in(file_name: str) -> date | None:
    if not (found := DATE_IN_NAME.search(file_name)):
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


def _sampled(sheet: Sheet, header: str) -> tuple[str, ...]:
    return tuple(text for row in sheet.sample if (text := row.get(header)))

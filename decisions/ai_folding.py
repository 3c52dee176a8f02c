"""What people's acts say of AI and its money: assumptions, use cases, controls, prices, closed months; and what letters cost."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from decisions.acts import Acted
from models.ai_economics.second_line import placed
from models.ai_economics.use_case import is_sound, merged

# Which use case the words of a letter belong to, and thereby whose budget they are paid from.
LETTERS = {"supplier_message": "A2", "customer_message": "A5", "carrier_message": "T1"}
# The counts of tokens that together are all tokens of a call, each token in one of them.
READ = ("uncached_input_token_count", "cache_read_token_count", "cache_write_token_count")
COUNTED = (*READ, "visible_output_token_count", "reasoning_token_count")


@dataclass(frozen=True)
class Closing:
    """One version of a closed month: its figures and plan as frozen, what they were made with, who closed it when and why."""

    month: str
    version: int
    figures: tuple[Mapping[str, Any], ...]
    made_with: Mapping[str, Any]
    seal: str
    who: str
    at: datetime
    reason: str
    plan: Mapping[str, Any] | None = None


@dataclass
class AiBook:
    """The fold of all acts about AI and its money; the same acts always give the same.

    Attributes:
        overrides: assumption → the last act that put an own value in its place and was not taken back.
        assumed: every assumption that somebody ever set, taken back or not.
        changes: use case → the acts that registered, changed, switched or placed it, in their order.
        placed: use case → the last act that decided where it runs.
        lines: site → the last act that said which circuits it has.
        techniques: need → the last act that kept which technique it gets; the need that was chosen for last stands last.
        prices: "provider/model" → the acts that set its price, in their order.
        closings: month ("2026-10") → its versions, the first first.
        tokens: (use case, day) → the tokens that the product's own calls took.
        refusals: what an enforced budget refused, with `use_case_id` and `at`, in order.
    """

    overrides: dict[str, Acted] = field(default_factory=dict)
    assumed: set[str] = field(default_factory=set)
    changes: dict[str, list[Acted]] = field(default_factory=dict)
    placed: dict[str, Acted] = field(default_factory=dict)
    lines: dict[str, Acted] = field(default_factory=dict)
    techniques: dict[str, Acted] = field(default_factory=dict)
    prices: dict[str, list[Acted]] = field(default_factory=dict)
    closings: dict[str, list[Closing]] = field(default_factory=dict)
    tokens: dict[tuple[str, date], int] = field(default_factory=dict)
    refusals: list[Mapping[str, Any]] = field(default_factory=list)

    def take(self, act: Acted) -> None:
        """Take one more act in; what is not about AI changes nothing."""
        match act.kind:
            case "assume":
                self._assumed(act)
            case "use_case" | "ai_control":
                self.changes.setdefault(act.subject, []).append(act)
            case "place":
                self.changes.setdefault(act.subject, []).append(act)
                self.placed[act.subject] = act
            case "set_line":
                self.lines[act.subject] = act
            case "technique":
                self.techniques.pop(act.subject, None)
                self.techniques[act.subject] = act
            case "set_price":
                self.prices.setdefault(act.subject, []).append(act)
            case "close_month":
                self.closings.setdefault(act.subject, []).append(_closing(act))
        if "note" in act.payload:
            self._spent(act)

    def circuits(self, place: str) -> str:
        """The circuits that were last said of a place; empty where nobody has said any, or took them back."""
        return self.lines[place].payload["circuits"] if place in self.lines else ""

    def techniques_of(self, use_case_id: str) -> list[Acted]:
        """The choices of technique in force for the needs of a use case, the one that was made last first."""
        return [act for act in reversed(self.techniques.values()) if act.payload.get("use_case_id") == use_case_id]

    def definition(self, use_case_id: str, built: Mapping[str, Any]) -> dict[str, Any]:
        """The definition of a use case as it stands now.

        Args:
            use_case_id: the use case.
            built: its definition in the build that is read (`raw.use_cases`), or its template; empty where there is none.
        """
        held = dict(built)
        for act in self.changes.get(use_case_id, ()):
            after = _taken(held, act, is_known=bool(built))
            # What would spoil a sound definition is left out, as the build does; of a part of one nobody can tell.
            held = after if is_sound(after) or not is_sound(held) else held
        return held

    def assumption(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row of `raw.assumptions` as it stands now: with the own value set or taken back since that build.

        The packaged range is not known where the build has the own one: it comes back empty until the next build.
        """
        act = self.overrides.get(row["assumption_name"])
        if act is None:
            gone = {"assumed_number": row["packaged_number"], "low_number": None, "high_number": None}
            gone |= {"is_own": False, "author_name": "", "reason_text": ""}
            return {**row, **(gone if row["is_own"] else {})}
        said = act.payload
        return {
            **row,
            "assumed_number": said["value"],
            "low_number": said["low"],
            "high_number": said["high"],
            "source_text": said["source"] or said["reason"],
            "source_date": act.at.date(),
            "source_grade": said["grade"],
            "is_own": True,
            "author_name": act.who,
            "reason_text": said["reason"],
        }

    def _assumed(self, act: Acted) -> None:
        self.assumed.add(act.subject)
        self.overrides.pop(act.subject, None)
        if act.payload.get("value") is not None:
            self.overrides[act.subject] = act

    def _spent(self, act: Acted) -> None:
        day = act.at.astimezone(UTC).date()
        for call in calls_of(act):
            key = (use_case_of(call), day)
            self.tokens[key] = self.tokens.get(key, 0) + tokens_of(call)
        for refusal in _noted(act, "ai_refusals"):
            self.refusals.append({**refusal, "at": act.at})


def _taken(held: dict[str, Any], act: Acted, *, is_known: bool) -> dict[str, Any]:
    """A definition after one more act; unchanged by an act that cannot be read."""
    try:
        if act.kind == "use_case":
            return merged(held, act.payload["definition"])
        if act.kind == "place":
            return {**held, **placed(held, act.payload, act.at)}
        return _switched(held, act.payload, is_known=is_known)
    except (AttributeError, KeyError, TypeError, ValueError):
        return held


def _switched(held: Mapping[str, Any], said: Mapping[str, Any], *, is_known: bool) -> dict[str, Any]:
    """A definition with one control switched; one that it does not name is added only where nobody knows the whole of it."""
    switched = {"control": said["control"], "is_on": said["is_on"]}
    if said.get("limit") is not None:
        switched["limit"] = said["limit"]
    before = [dict(one) for one in held.get("controls", ())]
    names = [one["control"] for one in before]
    if said["control"] not in names and not is_known:
        before, names = [*before, {"how": "enforced"}], [*names, said["control"]]
    return {
        **held,
        "controls": [
            one | switched if name == said["control"] else one for name, one in zip(names, before, strict=True)
        ],
    }


def _closing(act: Acted) -> Closing:
    said = act.payload
    return Closing(
        month=act.subject,
        version=said["version"],
        figures=tuple(said["figures"]),
        made_with=said["made_with"],
        seal=said["seal"],
        who=act.who,
        at=datetime.fromisoformat(said["at"]) if "at" in said else act.at,
        reason=said["reason"],
        plan=said.get("plan"),
    )


def definitions(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Use case → its definition, of rows of `raw.use_cases`."""
    return {row["use_case_id"]: json.loads(row["definition_text"]) for row in rows}


def calls_of(act: Acted) -> list[Mapping[str, Any]]:
    """The calls to a language model that an act took, from its note."""
    return list(_noted(act, "ai_calls"))


def tokens_of(call: Mapping[str, Any]) -> int:
    """The tokens that a call took; of a call that only tells two totals, their sum.

    >>> tokens_of({"uncached_input_token_count": 300, "visible_output_token_count": 60, "input_token_count": 300})
    360
    >>> tokens_of({"input_token_count": 700, "output_token_count": 120})
    820
    """
    names = COUNTED if any(name in call for name in COUNTED) else ("input_token_count", "output_token_count")
    return sum(int(call.get(name) or 0) for name in names)


def use_case_of(call: Mapping[str, Any]) -> str:
    """The use case that a call was made for; the oldest acts name the letter instead.

    >>> use_case_of({"use_case_name": "supplier message"}), use_case_of({"use_case_name": "A5"})
    ('A2', 'A5')
    """
    name = str(call.get("use_case_name") or "")
    return LETTERS.get(name.replace(" ", "_"), name)


def _noted(act: Acted, name: str) -> Iterator[Mapping[str, Any]]:
    note = act.payload.get("note")
    yield from (note.get(name) or ()) if isinstance(note, Mapping) else ()

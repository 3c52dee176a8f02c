"""How a system's words become ours: one YAML file a system, read into plain values that `check` can run."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from errors import Refusal

FOLDER = Path(__file__).resolve().parent / "sources"


@dataclass(frozen=True)
class Rule:
    """Where one contract column comes from: a header of the file, SQL over its headers, or a constant."""

    header: str | None = None
    sql: str | None = None
    value: str | None = None


@dataclass(frozen=True)
class Feed:
    """What one file gives to one contract: a rule per column, which rows, and how repeats of a key are settled."""

    contract: str
    columns: dict[str, Rule]
    where: str | None = None
    one_per: str | None = None


@dataclass(frozen=True)
class Reading:
    """How to read one kind of file: its headers, its ways of writing dates and numbers, and what it feeds.

    A file is known by its `headers`, all of which must be there; `optional` ones may be missing and are then without values.
    """

    source: str
    file: str
    headers: tuple[str, ...]
    feeds: tuple[Feed, ...]
    dates: tuple[str, ...] = ()
    timezone: str | None = None
    decimal: str = "."
    nothing: tuple[str, ...] = ()
    keep_text: dict[str, str] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    @property
    def named_headers(self) -> frozenset[str]:
        """The headers that some feed of this file takes a column from."""
        return frozenset(r.header for feed in self.feeds for r in feed.columns.values() if r.header)

    def spelled(self, columns: tuple[str, ...]) -> tuple[str, ...]:
        """The headings of a file, in this reading's own spelling where they differ from it only by small and capital letters.

        >>> Reading("s", "f", ("Order Id",), (), drop=("Customer Fname",)).spelled(
        ...     ("order id", "CUSTOMER FNAME", "note")
        ... )
        ('Order Id', 'Customer Fname', 'note')
        """
        ours = {
            h.casefold(): h for h in (*self.headers, *self.optional, *self.named_headers, *self.keep_text, *self.drop)
        }
        return tuple(ours.get(column.casefold(), column) for column in columns)


@dataclass(frozen=True)
class Source:
    """One system that Crossdock understands: what it is, the files it exports, and three rows before and after."""

    name: str
    title: str
    about: str
    readings: tuple[Reading, ...]
    examples: tuple[dict, ...] = ()


@cache
def sources() -> dict[str, Source]:
    """All sources by name.

    >>> "scms" in sources()
    True
    """
    return {
        path.stem: parsed(yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)) for path in sorted(FOLDER.glob("*.yml"))
    }


def source(name: str) -> Source:
    """The source of that name; a name that is not one is refused with the list of those that are."""
    if name not in sources():
        raise Refusal(
            f"There is no source called {name!r}.",
            "Each source is a file in pipelines/sources/.",
            "Use one of: " + ", ".join(sources()) + ", or leave the source out and let Crossdock recognise it.",
        )
    return sources()[name]


def parsed(spec: dict) -> Source:
    """A source out of its YAML: short forms (a bare header) become rules."""
    examples = spec.get("example", [])
    return Source(
        name=spec["source"],
        title=spec["title"],
        about=spec["about"],
        readings=tuple(_reading(spec["source"], file) for file in spec.get("files", ())),
        examples=tuple(examples if isinstance(examples, list) else [examples]),
    )


def spec_of(reading: Reading) -> dict:
    """A reading as plain values that can be written down in the ledger and read back with `reading_of`."""
    feeds = {
        feed.contract: {
            "columns": {name: _rule_spec(rule) for name, rule in feed.columns.items()},
            **({"where": feed.where} if feed.where else {}),
            **({"one_per": feed.one_per} if feed.one_per else {}),
        }
        for feed in reading.feeds
    }
    return {
        "source": reading.source,
        "name": reading.file,
        "columns": list(reading.headers),
        "dates": list(reading.dates),
        "timezone": reading.timezone,
        "decimal": reading.decimal,
        "nothing": list(reading.nothing),
        "keep_text": reading.keep_text,
        "drop": list(reading.drop),
        "feeds": feeds,
        **({"optional": list(reading.optional)} if reading.optional else {}),
    }


def reading_of(spec: dict) -> Reading:
    """The reading that `spec_of` wrote down.

    >>> reading = Reading("generic", "stock", ("SKU",), (Feed("skus", {"sku_id": Rule(header="SKU")}),))
    >>> reading_of(spec_of(reading)) == reading
    True
    """
    return _reading(spec["source"], spec)


def _rule_spec(rule: Rule) -> dict:
    return {
        key: said for key, said in (("from", rule.header), ("sql", rule.sql), ("value", rule.value)) if said is not None
    }


def _reading(source_name: str, file: dict) -> Reading:
    feeds = tuple(
        Feed(
            contract=contract,
            columns={name: _rule(rule) for name, rule in feed["columns"].items()},
            where=feed.get("where"),
            one_per=feed.get("one_per"),
        )
        for contract, feed in file["feeds"].items()
    )
    dropped = set(file.get("drop", ()))
    for feed in feeds:
        for name, rule in feed.columns.items():
            if rule.header in dropped:
                raise ValueError(f"{source_name}/{file['name']}: {name} reads {rule.header!r}, which is dropped")
    return Reading(
        source=source_name,
        file=file["name"],
        headers=tuple(file["columns"]),
        feeds=feeds,
        dates=tuple(file.get("dates", ())),
        timezone=file.get("timezone"),
        decimal=file.get("decimal", "."),
        nothing=tuple(file.get("nothing", ())),
        keep_text=dict(file.get("keep_text", {})),
        drop=tuple(file.get("drop", ())),
        optional=tuple(file.get("optional", ())),
    )


def _rule(rule: str | dict) -> Rule:
    if isinstance(rule, str):
        return Rule(header=rule)
    if "value" in rule:
        return Rule(value=str(rule["value"]))
    return Rule(header=rule.get("from"), sql=rule.get("sql"))

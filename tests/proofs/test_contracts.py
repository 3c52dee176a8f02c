"""Every word stands once in the dictionary and means the same everywhere, and every contract can be kept."""

import re
from functools import cache
from graphlib import TopologicalSorter

import pytest
import yaml

from pipelines.contract import DATA, SQL_TYPES, contracts, dictionary
from pipelines.table import tables
from tests.proofs.core_by_hand import CORE, core
from tests.worlds import empty_scores

NAMES = [
    *("skus", "sites", "customers", "suppliers", "supplier_terms", "carriers", "lanes", "orders", "order_lines"),
    *("shipments", "shipment_lines", "stock_days", "stock_movements", "purchase_lines", "receipts", "returns"),
    *("order_events", "promotions", "prices", "external_signals", "service_tickets", "demand_plans"),
    *("ai_calls", "ai_cases", "ai_bills"),
]

# What the end of a name says about the unit. Longest first: `_per_` names carry the unit before `_per_`.
ENDINGS = {
    "_qty": {"qty"},
    "_amount": {"amount", "fine_cost"},
    "_cost": {"cost", "fine_cost"},
    "_price": {"price", "fine_cost"},
    "_share": {"share"},
    "_days": {"days"},
    "_hours": {"hours"},
    "_minutes": {"minutes"},
    "_date": {"date"},
    "_at": {"instant"},
    "_id": {"id"},
    "_code": {"code"},
    "_name": {"name"},
    "_text": {"text"},
    "_key": {"key"},
    "_count": {"count"},
    "_no": {"count"},
    "_number": {"number"},
    "_grade": {"code"},
}
UNITS_OF_THEIR_OWN = {
    "volume_m3": "number",
    "weight_kg": "number",
    "latency_ms": "number",
    "first_token_ms": "number",
    "latitude": "number",
    "longitude": "number",
    "occurrence": "count",
    "iso_week": "code",
    "extra": "map",
    "source": "name",
    "to_place": "name",
    "substitute_of": "id",
    "abc_class": "code",
    "site_abc_class": "code",
    "xyz_class": "code",
    "units": "number",
    "false_alarms_per_year": "number",
    "price_drift_share_per_year": "share",
    "price_breaks": "text",
    "units_per_pack": "qty",
    "capacity_per_day": "number",
    "cost_amount_per_shipment": "amount",
    "cost_amount_per_kg": "amount",
}
BARE = {"amount", "value", "qty", "quantity", "date", "flag", "price", "cost", "name", "id", "code", "number", "count"}

# Key columns that a source may be silent about, because core writes what silence means.
SILENCE_HAS_A_MEANING = {
    "supplier_terms": {"valid_from_date"},
    "lanes": {"carrier_id"},
    "stock_days": {"site_id"},
    "promotions": {"site_id"},
    "demand_plans": {"site_id"},
    "prices": {"customer_id", "valid_from_date"},
    "external_signals": {"place_name"},
}


@cache
def core_columns() -> dict[str, dict[str, str]]:
    found = core().execute(
        "select schema_name || '.' || table_name, column_name, lower(data_type) from duckdb_columns() where schema_name = 'core'"
    )
    columns: dict[str, dict[str, str]] = {}
    for table_name, column_name, data_type in found.fetchall():
        columns.setdefault(table_name, {})[column_name] = data_type
    return columns


def plain(sql_type: str) -> str:
    """DuckDB's long name of a type, in the short form of the dictionary."""
    return sql_type.replace(" ", "").replace("timestampwithtimezone", "timestamptz")


def test_each_word_stands_once():
    """YAML would let a second entry silently win over the first."""
    text = (DATA / "dictionary.yml").read_text("utf-8")
    words = re.findall(r"^(\w+):", text, flags=re.MULTILINE)
    assert len(words) == len(set(words)) == len(dictionary())


@pytest.mark.parametrize("word", dictionary())
def test_a_word_says_its_unit_and_its_meaning(word):
    """`_qty` is a quantity, `_share` a fraction, `is_` a boolean; nothing is called just `amount`, and nothing counts per cent."""
    entry = dictionary()[word]
    assert set(entry) == {"type", "meaning"}
    assert entry["type"] in SQL_TYPES
    assert entry["meaning"].endswith(".")
    assert word not in BARE
    assert not re.search(r"(^|_)(pct|percent|flag|value)(_|$)", word)
    if word.startswith(("is_", "has_")):
        assert entry["type"] == "boolean"
    elif word in UNITS_OF_THEIR_OWN:
        assert entry["type"] == UNITS_OF_THEIR_OWN[word]
    else:
        ending = next((ending for ending in ENDINGS if word.endswith(ending)), None)
        assert ending, f"the end of {word} says no unit"
        assert entry["type"] in ENDINGS[ending]
    if entry["type"] == "boolean":
        assert word.startswith(("is_", "has_"))


def test_no_exception_is_listed_in_vain():
    assert set(UNITS_OF_THEIR_OWN) <= set(dictionary())


def test_every_extract_has_its_contract():
    assert sorted(contracts()) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_contract_is_whole(name):
    """Its name is its file's, its key and event are among its columns, and it says what it makes possible."""
    spec = yaml.safe_load((DATA / "contracts" / f"{name}.yml").read_text("utf-8"))
    assert set(spec) <= {"contract", "title", "question", "grain", "key", "event", "known_with", "unlocks", "columns"}
    rules = contracts()[name]
    columns = {column.name: column for column in rules.columns}
    assert rules.name == name
    assert rules.question.endswith("?")
    assert rules.grain.startswith("one row per ")
    assert rules.unlocks
    assert set(rules.key) <= set(columns)
    if rules.event:
        assert columns[rules.event].type in ("date", "instant")
        assert columns[rules.event].known is None, "the event itself says when it became known"
    if "known_with" in spec:
        assert set(contracts()[spec["known_with"]].key) <= set(columns)


@pytest.mark.parametrize("name", NAMES)
def test_a_key_can_always_be_written(name):
    """A key column is required, counted out by us, or silent with a meaning of its own."""
    rules = contracts()[name]
    for key in rules.key:
        column = rules.column(key)
        is_silence_allowed = key in SILENCE_HAS_A_MEANING.get(name, set())
        assert (column.required + bool(column.otherwise) + is_silence_allowed) == 1, f"{name}.{key}"


@pytest.mark.parametrize("name", NAMES)
def test_the_columns_of_a_contract_make_sense(name):
    """Bounds are ordered, what is known later is known at a date of the same row, and a heading means one column only."""
    rules = contracts()[name]
    columns = {column.name: column for column in rules.columns}
    meant: dict[str, str] = {}
    for column in rules.columns:
        if column.known:
            assert columns[column.known].type in ("date", "instant")
        if column.min is not None and column.max is not None:
            assert column.min < column.max
        if column.min is not None or column.max is not None:
            assert SQL_TYPES[column.type].split("(")[0] in ("decimal", "double", "bigint")
        if column.type == "share":
            assert (column.min, column.max) == (0, 1)
        assert column.otherwise in (None, "occurrence", "record")
        for heading in (column.name.replace("_", " "), *column.aliases):
            said = heading.lower().replace("_", " ")
            assert said not in meant, f"{said!r} means both {meant.get(said)} and {column.name}"
            meant[said] = column.name


def test_the_headings_of_large_systems_are_known():
    """A few headings that each system's users will bring first."""
    lines = contracts()["order_lines"]
    known = {heading: column.name for column in lines.columns for heading in column.aliases}
    assert [known[heading] for heading in ("vbeln", "posnr", "matnr")] == ["order_id", "line_key", "sku_id"]
    assert [known[heading] for heading in ("werks", "kunnr", "edatu")] == ["site_id", "customer_id", "requested_date"]
    assert known["menge"] == known["quantité"] == known["order qty"] == "ordered_qty"


def test_four_columns_are_enough_for_demand():
    """A source with only order, SKU, quantity and moment is accepted."""
    assert set(contracts()["order_lines"].required) == {"order_id", "sku_id", "ordered_qty"}


@pytest.mark.parametrize("name", NAMES)
def test_core_keeps_every_column_of_a_contract(name):
    """Nothing that a person brought is thrown away on the way to core."""
    wanted = {column.name for column in contracts()[name].columns} | {"load_id", "line_no", "loaded_at", "extra"}
    assert wanted <= set(core_columns()[f"core.{name}"])


@pytest.mark.parametrize("name", CORE)
def test_core_speaks_the_dictionary(name):
    """Each column of each core table stands in the dictionary and has the type that stands there."""
    columns = core_columns()[name]
    missing = set(columns) - set(dictionary())
    assert not missing
    wrong = {
        column: data_type
        for column, data_type in columns.items()
        if plain(data_type) != plain(SQL_TYPES[dictionary()[column]["type"]])
    }
    assert not wrong


def test_marts_speak_the_dictionary_too():
    """What a page shows has a meaning to show with it."""
    con = core()
    con.execute("create schema marts")
    con.execute("create schema scores")
    empty_scores(con)
    con.execute("create schema if not exists raw")
    con.execute(
        "create table raw.set_aside (load_id varchar, contract varchar, line_no bigint, column_name varchar, reason varchar)"
    )
    marts = {name: made for name, made in tables().items() if made.schema == "marts"}
    for name in TopologicalSorter({made.name: made.reads & marts.keys() for made in marts.values()}).static_order():
        con.execute(f"create {marts[name].kind} {name} as {marts[name].sql}")
    found = con.execute("select column_name from duckdb_columns() where schema_name = 'marts'").fetchall()
    assert {column for (column,) in found} - set(dictionary()) == set()


def test_core_has_every_table_that_a_person_can_bring_and_those_that_follow():
    follow = {"stock_out_days", "demand_facts", "demand_days", "calendar", "acts", "use_case_names", "agent_use_cases"}
    assert {made.name for made in tables().values() if made.schema == "core"} == {
        f"core.{name}" for name in {*NAMES, *follow}
    }

"""The SQL that turns a text into a typed value, or into nothing when it is not one. It runs on DuckDB, while rows are checked."""

from pipelines.contract import Column
from pipelines.source import Reading

TRUE_WORDS = ("true", "t", "yes", "y", "1", "x", "ja", "j", "oui", "wahr", "si", "sí")
FALSE_WORDS = ("false", "f", "no", "n", "0", "nein", "non", "falsch")

# How people write numbers: `€ 1.234,50-`, `(1,234.50)`, `1 234,5`. Group signs count only where they group
# (1,234,567 is a number, 1,23 is not one with a decimal point); a text that is no number comes out as null.
MACROS = r"""
create or replace macro bare_number(t) as
    regexp_replace(regexp_replace(t, '^([(+-]*)(EUR|USD|GBP|CHF|[€$£])?[\s\x{00A0}]*', '\1'), '[\s\x{00A0}]*(EUR|USD|GBP|CHF|[€$£])$', '');
create or replace macro is_below_zero(t) as regexp_matches(t, '^[(].*[)]$|-$|^[^0-9]*-');
create or replace macro digits(t) as trim(t, '+-()');
create or replace macro ungrouped(t, mark) as case
    when mark = '.' and regexp_matches(t, '^[0-9]{1,3}([,’''\s\x{00A0}\x{202F}][0-9]{3})+([.][0-9]*)?$')
        then regexp_replace(t, '[,’''\s\x{00A0}\x{202F}]', '', 'g')
    when mark = ',' and regexp_matches(t, '^[0-9]{1,3}([.’''\s\x{00A0}\x{202F}][0-9]{3})+([,][0-9]*)?$')
        then replace(regexp_replace(t, '[.’''\s\x{00A0}\x{202F}]', '', 'g'), ',', '.')
    when mark = '.' and regexp_matches(t, '^([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]{1,2})?$') then t
    when mark = ',' and regexp_matches(t, '^([0-9]+,?[0-9]*|,[0-9]+)$') then replace(t, ',', '.')
    end;
create or replace macro number_text(t, mark) as
    case when is_below_zero(bare_number(t)) then '-' else '' end || ungrouped(digits(bare_number(t)), mark);
create or replace macro trimmed(t) as case when t like ' %' or t like '% ' or t = '' then nullif(trim(t), '') else t end;
create or replace macro finite(x) as case when isfinite(x) then x end;
create or replace macro whole(x) as case when x = floor(x) then cast(x as bigint) end;
create or replace macro share(t, mark) as finite(case
    when ends_with(t, '%') then try_cast(number_text(rtrim(t, ' %'), mark) as double) / 100
    else try_cast(number_text(t, mark) as double) end);
create or replace macro sensible_date(d) as case when d between date '1900-01-02' and date '2199-12-31' then d end;
create or replace macro sensible_instant(i) as
    case when i between timestamptz '1900-01-02 00:00:00+00' and timestamptz '2199-12-31 00:00:00+00' then i end;
"""

TEXTS = frozenset({"id", "code", "name", "text", "key"})


def quoted(header: str) -> str:
    """A header as an SQL name.

    >>> quoted('Unit "net"')
    '"Unit ""net\"""'
    """
    return '"' + header.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as an SQL literal.

    >>> literal("Côte d'Ivoire")
    "'Côte d''Ivoire'"
    """
    return "'" + text.replace("'", "''") + "'"


def text_of(expression: str, nothing: tuple[str, ...] = ()) -> str:
    """The trimmed text of an SQL expression; empty texts and the words for nothing become null."""
    trimmed = f"trimmed({expression})"
    if not nothing:
        return trimmed
    words = ", ".join(literal(word.lower()) for word in nothing)
    return f"case when lower({trimmed}) in ({words}) then null else {trimmed} end"


def untidy(text: str, nothing: tuple[str, ...] = ()) -> str:
    """The SQL condition that `text_of` would make something else of this text."""
    condition = f"starts_with({text}, ' ') or ends_with({text}, ' ') or {text} = ''"
    if not nothing:
        return f"({condition})"
    words = ", ".join(literal(word.lower()) for word in nothing)
    return f"({condition} or (length({text}) <= {max(map(len, nothing))} and lower({text}) in ({words})))"


def sensible(column: Column, value: str) -> str:
    """A typed SQL value that stays a value only if it can be meant: no date before 1900."""
    if column.type == "date":
        return f"sensible_date({value})"
    return f"sensible_instant({value})" if column.type == "instant" else value


def value_of(column: Column, text: str, reading: Reading, timezone_name: str) -> str:
    """The typed value of an SQL text expression, null when the text is not such a value.

    Args:
        column: the contract column whose type is wanted.
        text: SQL of the trimmed text.
        reading: how the file writes dates and decimals.
        timezone_name: IANA name of the clock that naive instants were written by.
    """
    if column.type in TEXTS:
        return text
    if column.type == "boolean":
        return _boolean(text)
    if column.type == "date":
        return sensible(column, _date(text, reading.dates))
    if column.type == "instant":
        return sensible(column, _instant(text, reading.dates, timezone_name))
    if column.type == "map":
        return "cast(null as map(varchar, varchar))"
    return _number(column, text, reading.decimal)


def _number(column: Column, text: str, decimal: str) -> str:
    cleaned = f"number_text({text}, {literal(decimal)})"
    if column.type == "share":
        return f"share({text}, {literal(decimal)})"
    if column.type == "count":
        return f"whole(try_cast({cleaned} as decimal(18,3)))"
    cast = f"try_cast({cleaned} as {column.sql_type})"
    # '1.234' is a thousand and more where the comma is the decimal sign, so the quick direct cast is not tried there.
    # `case`, not `coalesce`: DuckDB would work out the slow way for every row beside the quick one.
    quick = f"try_cast({text} as {column.sql_type})"
    value = cast if decimal == "," else f"case when {quick} is not null or {text} is null then {quick} else {cast} end"
    return f"finite({value})" if column.sql_type == "double" else value


def _boolean(text: str) -> str:
    true_words = ", ".join(literal(word) for word in TRUE_WORDS)
    false_words = ", ".join(literal(word) for word in FALSE_WORDS)
    return f"case when lower({text}) in ({true_words}) then true when lower({text}) in ({false_words}) then false end"


def _date(text: str, forms: tuple[str, ...]) -> str:
    iso = f"coalesce(try_cast({text} as date), cast(try_cast({text} as timestamp) as date))"
    if not forms:
        return iso
    listed = ", ".join(literal(form) for form in forms)
    return f"coalesce(cast(try_strptime({text}, [{listed}]) as date), case when {text} similar to '[0-9]{{4}}-.*' then {iso} end)"


def _instant(text: str, forms: tuple[str, ...], timezone_name: str) -> str:
    zoned = f"try_cast({text} as timestamptz)"
    has_zone = f"regexp_matches({text}, '(Z|[+-][0-9]{{2}}:?[0-9]{{2}}|[0-9]{{2}}:[0-9]{{2}}[+-][0-9]{{2}})$')"
    naive = f"try_cast({text} as timestamp)"
    if forms:
        listed = ", ".join(literal(form) for form in forms)
        naive = f"coalesce(try_strptime({text}, [{listed}]), {naive})"
    if timezone_name == "UTC" and not forms:
        # Session time is UTC, so one cast serves texts with and without an offset.
        return zoned
    local = f"timezone({literal(timezone_name)}, {naive})"
    return (
        f"case when {text} similar to '[0-9]{{4}}-.*T.*|[0-9]{{4}}-.*:.*' and {has_zone} then {zoned} else {local} end"
    )

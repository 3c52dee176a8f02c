"""The SQL that holds the rows of one sheet to one contract: typed values, and everything that can be wrong with a row."""

from datetime import datetime

from pipelines import cast
from pipelines.contract import Column, Contract
from pipelines.source import Feed, Reading

KINDS = {
    "qty": "a quantity",
    "amount": "an amount of money",
    "cost": "an amount of money",
    "fine_cost": "an amount of money",
    "price": "an amount of money",
    "share": "a share or a percentage",
    "number": "a number",
    "count": "a whole number",
    "days": "a number of days",
    "hours": "a number of hours",
    "minutes": "a number of minutes",
    "date": "a date",
    "instant": "a date with time",
    "boolean": "yes or no",
}


class Plan:
    """The SQL that holds the rows of a sheet to one contract: typed values, and what is wrong with a row.

    A quick plan lets the engine read `direct_types` while it parses the file, and leaves all other texts as they are. It
    tells clean rows from doubtful ones, not good from bad: a file with one doubtful row is read again as texts.
    """

    def __init__(
        self,
        rules: Contract,
        feed: Feed,
        reading: Reading,
        headers: tuple[str, ...],
        timezone_name: str,
        landed_at: datetime,
        *,
        has_line_no: bool,
        is_quick: bool = False,
    ):
        self.rules, self.feed, self.reading, self.headers = rules, feed, reading, headers
        self.timezone_name, self.landed_at, self.has_line_no = timezone_name, landed_at, has_line_no
        self.is_quick = is_quick

    @property
    def columns(self) -> tuple[Column, ...]:
        """The contract columns that the feed fills, or that must be there; the others stay null and are not written."""
        return tuple(
            c for c in self.rules.columns if c.name in self.feed.columns or c.required or c.name in self.rules.key
        )

    @property
    def direct_types(self) -> dict[str, str]:
        """The headers whose values the engine reads itself as the same values that it would cast their texts to."""
        found = {}
        for column, header in self._plain_headers().items():
            is_number = column.sql_type.startswith("decimal") and self.reading.decimal == "."
            if is_number or (column.type in ("date", "instant") and not self.reading.dates):
                found[header] = column.sql_type
        return found

    def texts(self, rows: str) -> str:
        """Select each contract column as text (`name__text`), beside the line number, the defect and the extra columns."""
        parts = [f"{self._text(column)} as {column.name}__text" for column in self.columns]
        parts.append(f"{self._extra()} as extra")
        parts.append(f"{self._order()} as one_per_order")
        parts += (
            ['"__line_no" as line_no', '"__defect" as defect']
            if self.has_line_no
            else ["cast(null as varchar) as defect"]
        )
        # A line that cannot be read is set aside and never passed over, whatever rows the feed asks for.
        broken = '"__defect" is not null or ' if self.has_line_no else ""
        where = f" where {broken}({self.feed.where})" if self.feed.where else ""
        raw = set(self._untouched().values())
        headers = [
            cast.quoted(h) if h in raw else f"{cast.text_of(cast.quoted(h), self.reading.nothing)} as {cast.quoted(h)}"
            for h in self.headers
        ]
        there = {header.lower() for header in self.headers}
        missing = [header for header in self.reading.optional if header.lower() not in there]
        headers += [f"cast(null as varchar) as {cast.quoted(header)}" for header in missing]
        headers += ['"__line_no"', '"__defect"'] if self.has_line_no else []
        return f"select {', '.join(parts)} from (select {', '.join(headers)} from ({rows})) as sheet{where}"

    def typed(self, rows: str) -> str:
        """Select each contract column typed, and whether anything is wrong with the row (`is_bad`)."""
        line_no = "line_no, " if self.has_line_no else ""
        values = ", ".join(f"{self.value(column)} as {column.name}" for column in self.columns)
        texts = ", ".join(f"{column.name}__text" for column in self.columns)
        wrong = " or ".join(["defect is not null", *(f"({condition})" for _, condition, _, _ in self.faults())])
        names = ", ".join(column.name for column in self.columns)
        return (
            f"with texts as ({self.texts(rows)}), "
            f"typed as (select {values}, {texts}, {line_no}extra, one_per_order, defect from texts) "
            f"select {names}, {line_no}extra, one_per_order, coalesce({wrong}, false) as is_bad from typed"
        )

    def doubt(self) -> str:
        """The condition on a typed row that it cannot be told from: a fault, or a text that a quick plan left untidy.

        Asked of the typed rows as they are kept, where a text that stands in many rows is looked at once.
        """
        texts = [c.name for c in self._untouched() if c.type in cast.TEXTS]
        return " or ".join(["is_bad", *(cast.untidy(name, self.reading.nothing) for name in texts)])

    def faults(self) -> list[tuple[Column, str, str, str]]:
        """Everything that can be wrong with a row: column, SQL condition, reason and fix, in the words of a planner."""
        found = []
        for column in self.columns:
            found += self._faults(column)
        return found

    def value(self, column: Column) -> str:
        """The typed SQL value of a column out of its text."""
        if self.is_quick and self._plain_headers().get(column) in self.direct_types:
            return cast.sensible(column, f"{column.name}__text")
        return cast.value_of(column, f"{column.name}__text", self.reading, self.timezone_name)

    def _plain_headers(self) -> dict[Column, str]:
        """The columns that are nothing but one heading of the file, which nothing else is made of."""
        headers = [rule.header for rule in self.feed.columns.values()]
        found = {}
        for column in self.columns:
            rule = self.feed.columns.get(column.name)
            if (
                rule
                and rule.header in self.headers
                and not rule.sql
                and rule.value is None
                and headers.count(rule.header) == 1
            ):
                found[column] = rule.header
        return {column: header for column, header in found.items() if header not in self.reading.keep_text}

    def _untouched(self) -> dict[Column, str]:
        """What a quick plan takes as the engine read it: directly typed values, and texts that are hoped to be tidy."""
        if not self.is_quick:
            return {}
        direct = self.direct_types
        return {c: header for c, header in self._plain_headers().items() if header in direct or c.type in cast.TEXTS}

    def _faults(self, column: Column) -> list[tuple[Column, str, str, str]]:
        name, text = column.name, f"{column.name}__text"
        rule = self.feed.columns.get(column.name)
        if rule is None and not column.required:
            return []
        found = []
        if column.required:
            found.append(
                (column, f"{text} is null", "the value is missing", "Fill it in; without it the row cannot be placed.")
            )
        is_remark = rule is not None and rule.header in self.reading.keep_text and not column.required
        if column.type not in cast.TEXTS and column.type != "map" and not is_remark:
            found.append(
                (column, f"{text} is not null and {name} is null", f"not {KINDS[column.type]}", self._how(column))
            )
        if column.allowed:
            listed = ", ".join(cast.literal(word.lower()) for word in column.allowed)
            words = ", ".join(column.allowed)
            found.append(
                (column, f"lower({name}) not in ({listed})", "not one of the known words", f"Use one of: {words}.")
            )
        if column.min is not None:
            found.append((column, f"{name} < {column.min:g}", f"below {column.min:g}", "Check the sign and the unit."))
        if column.max is not None:
            found.append(
                (column, f"{name} > {column.max:g}", f"above {column.max:g}", "Check the decimal sign and the unit.")
            )
        if name in self._actual_columns():
            latest = f"timestamptz {cast.literal(self.landed_at.isoformat())} + interval 24 hour"
            reason = "lies after the day the file was landed"
            found.append(
                (
                    column,
                    f"{name} > {latest}",
                    reason,
                    "Something that has happened cannot lie in the future; check day, month and year.",
                )
            )
        return found

    def _actual_columns(self) -> set[str]:
        known = {column.known for column in self.rules.columns if column.known}
        return known | ({self.rules.event} if self.rules.event else set())

    def _how(self, column: Column) -> str:
        if column.type in ("date", "instant"):
            forms = ", ".join(self.reading.dates) or "2026-11-14"
            return f"Write dates like the rest of the file ({forms})."
        if column.type == "boolean":
            return "Write yes or no."
        return f"Write a plain number; the decimal sign of this file is '{self.reading.decimal}'."

    @property
    def makes_ids(self) -> bool:
        """Whether a row without a key gets one made of its texts, which must then be the texts of the file."""
        return any(column.otherwise == "record" for column in self.columns)

    def _text(self, column: Column) -> str:
        said = self._said(column)
        if column.otherwise != "record":
            return said
        texts = ", ".join(f"coalesce({cast.quoted(header)}, '')" for header in sorted(self.headers))
        return f"coalesce({said}, 'made-' || md5(concat_ws('|', {texts})))"

    def _said(self, column: Column) -> str:
        rule = self.feed.columns.get(column.name)
        if rule is None:
            return "cast(null as varchar)"
        if rule.value is not None:
            return cast.literal(rule.value)
        return f"cast(({rule.sql}) as varchar)" if rule.sql else cast.quoted(rule.header or "")

    def _extra(self) -> str:
        named = {rule.header for rule in self.feed.columns.values()}
        names = [h for h in self.headers if h not in named and not self._is_dropped(h)]
        names += [h for h in self.reading.keep_text if h in self.headers and h not in names]
        # With `one_per` the kept row stands for many lines; what only one of them says stays with the lines.
        if not names or not self.rules.event or self.feed.one_per:
            return "cast(null as map(varchar, varchar))"
        pairs = ", ".join(f"{{'k': {cast.literal(h)}, 'v': {cast.quoted(h)}}}" for h in names)
        return f"map_from_entries(list_filter([{pairs}], lambda pair: pair.v is not null))"

    def _is_dropped(self, header: str) -> bool:
        """Whether the reading drops this column, or the object of a JSON record that it is a field of."""
        return any(header == name or header.startswith(f"{name}.") for name in self.reading.drop)

    def _order(self) -> str:
        word, _, header = (self.feed.one_per or "").partition(" by ")
        if word != "latest" or not header:
            return "cast(null as timestamptz)"
        moment = Column(name="moment", type="instant", meaning="")
        return cast.value_of(moment, cast.quoted(header.strip()), self.reading, self.timezone_name)

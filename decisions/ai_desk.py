"""What a person does at the desk about AI and its money: each with a right and a reason, and the same again changes nothing."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from decisions import ai_close, ai_rulings, placing, registers, targets, techniques
from decisions.acts import Acted
from decisions.book import Book
from decisions.person import Person
from decisions.ruling import Said
from models.ai_economics.technique import Need
from store.warehouse import Build


class AiDesk(ABC):
    """The part of a desk (`decisions.desk.Desk`) at which acts about AI, its money and the goals are done; the desk records them."""

    @property
    @abstractmethod
    def person(self) -> Person:
        """Who is here at this moment."""

    @property
    @abstractmethod
    def _build(self) -> Build | None: ...

    @abstractmethod
    def now(self) -> datetime:
        """What time it is at this desk."""

    @abstractmethod
    def _record(self, say: Callable[[Book], Said | None]) -> Acted | None: ...

    def assume(
        self,
        name: str,
        value: float | None,
        low: float = 0.0,
        high: float = 0.0,
        reason: str = "",
        *,
        source: str = "",
        grade: str = "assumption",
    ) -> Acted | None:
        """The act that puts an own value and range in an assumption's place; a value of None takes it back.

        Errors: a Refusal, see `decisions.ai_rulings.assumed`.
        """
        given = None if value is None else (value, low, high)
        said = {"reason": reason, "source": source, "grade": grade}
        return self._record(lambda book: ai_rulings.assumed(book, self.person, name, given, said, self._build))

    def register(
        self, use_case_id: str, definition: Mapping[str, Any], reason: str, *, template: Mapping[str, Any] | None = None
    ) -> Acted | None:
        """The act that takes up a use case, changes it or stops it; `definition` says what differs from the template or from what holds.

        Errors: a Refusal, see `decisions.ai_rulings.registered`.
        """
        return self._record(
            lambda book: ai_rulings.registered(
                book,
                self.person,
                use_case_id,
                definition,
                reason,
                template or {},
                today=self.now().date(),
                build=self._build,
            )
        )

    def control(self, use_case_id: str, control: str, is_on: bool, limit: float | None, reason: str) -> Acted | None:
        """The act that switches a control of a use case, or sets its limit; a limit of None leaves it as it is.

        Errors: a Refusal, see `decisions.ai_rulings.switched`.
        """
        said = {"control": control, "is_on": is_on, "limit": limit, "reason": reason}
        return self._record(lambda book: ai_rulings.switched(book, self.person, use_case_id, said, self._build))

    def price(
        self,
        provider: str,
        model: str,
        valid_from: date,
        uncached_input_price: Decimal,
        output_price: Decimal,
        reason: str,
        *,
        cache_read_price: Decimal | None = None,
        cache_write_price: Decimal | None = None,
        currency: str = "USD",
    ) -> Acted | None:
        """The act that sets the price of a model from a day on, for a million tokens.

        Errors: a Refusal, see `decisions.ai_rulings.priced`.
        """
        said = {
            "valid_from": valid_from,
            "uncached_input_price": uncached_input_price,
            "cache_read_price": cache_read_price,
            "cache_write_price": cache_write_price,
            "output_price": output_price,
            "currency": currency.upper(),
            "reason": reason,
        }
        return self._record(lambda book: ai_rulings.priced(book, self.person, (provider, model), said))

    def set_target(
        self, metric_name: str, number: Decimal | None, by: date | None, reason: str, *, baseline: float | None = None
    ) -> Acted | None:
        """The act that says where a number shall be by when, in its own unit; a number of None takes the target back.

        Errors: a Refusal, see `decisions.targets.targeted`.
        """
        return self._record(
            lambda book: targets.targeted(
                book, self.person, metric_name, number, by, reason, baseline=baseline, today=self.now().date()
            )
        )

    def keep_register(self, subject: str, said: registers.Kept, reason: str) -> Acted | None:
        """The act that says how a row of a register stands, who answers for it and what shows it.

        Errors: a Refusal, see `decisions.registers.kept`.
        """
        return self._record(
            lambda book: registers.kept(book, self.person, subject, said, reason, today=self.now().date())
        )

    def place(self, use_case_id: str, way: str, reason: str, *, seen: str = "") -> Acted | None:
        """The act that decides where a use case runs, with everything that the build at this desk says of it.

        Errors: a Refusal, see `decisions.placing.placed`.
        """
        return self._record(
            lambda book: placing.placed(book, self.person, use_case_id, way, reason, self._build, seen=seen)
        )

    def set_line(self, site_id: str, circuits: str, reason: str) -> Acted | None:
        """The act that says which circuits connect a site with the centre; none takes back what was said.

        Errors: a Refusal, see `decisions.placing.lined`.
        """
        return self._record(lambda book: placing.lined(book, self.person, site_id, circuits, reason, self._build))

    def choose_technique(
        self, name: str, need: Need, technique: str, reason: str, *, beats: str = "", use_case_id: str = ""
    ) -> Acted | None:
        """The act that keeps which technique a need gets, with what was advised and what it must beat as long as it runs.

        Errors: a Refusal, see `decisions.techniques.chosen`.
        """
        said = techniques.Choice(technique, reason, beats, use_case_id)
        return self._record(lambda book: techniques.chosen(book, self.person, name, need, said, self._build))

    def close_month(self, month: date, reason: str) -> Acted | None:
        """The act that freezes a month's figures, as the build at this desk has them, with what they were made with.

        Errors: a Refusal, see `decisions.ai_close.closed_by_build`.
        """
        return self._record(
            lambda book: ai_close.closed_by_build(book, self.person, self._build, month, now=self.now(), reason=reason)
        )

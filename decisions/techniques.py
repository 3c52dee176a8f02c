"""Which technique a need gets, as somebody decided it: the seven answers and the advice that they were given, frozen in the act."""

from dataclasses import asdict, dataclass

from decisions import checks, registering
from decisions.book import Book
from decisions.person import Person
from decisions.ruling import Said
from models.ai_economics.technique import LANGUAGE, TECHNIQUES, Advice, Need, advice, to_beat
from store.warehouse import Build

LONGEST_NAME, LONGEST_TEXT = 100, 2000


@dataclass(frozen=True)
class Choice:
    """What somebody chooses for a need.

    Attributes:
        technique: one of `models.ai_economics.technique.TECHNIQUES`.
        reason: why; a sentence where it is not what is advised.
        beats: what it must beat as long as it runs; empty for what the chooser says.
        use_case_id: the use case that the need belongs to; empty for none.
    """

    technique: str
    reason: str = ""
    beats: str = ""
    use_case_id: str = ""


def chosen(book: Book, person: Person, name: str, need: Need, said: Choice, build: Build | None) -> Said | None:
    """The act that keeps which technique a need gets; None where it is kept so already.

    Args:
        book, person: what holds, and who chooses.
        name: the need in a few words; one that is kept already is known by them, in small or capital letters.
        need: the seven answers.
        said: what is chosen.
        build: the build whose use cases are meant; without one only those of the acts are known.

    Errors: a Refusal without a right; for a need without a name or with answers that cannot be, for a technique or a use case that there is
        not, and for what is not advised without a sentence of reason.
    """
    checks.has_right(person, "choose_technique", "kept")
    subject = _subject(book, name)
    found = _advice(need)
    _may_be(said, found)
    if said.use_case_id and said.use_case_id not in {*registering.built_by(build), *book.ai.changes}:
        raise checks.refusal(f"there is no use case {said.use_case_id!r}", "Choose one of the registry, or none.")
    content = {
        "need": asdict(need),
        "advised": found.technique,
        "because": found.because,
        "missing": list(found.missing),
        "technique": said.technique,
        "beats": " ".join(said.beats.split()) or to_beat(found, said.technique),
        "use_case_id": said.use_case_id,
    }
    held = book.ai.techniques.get(subject)
    if held is not None and all(held.payload.get(key) == part for key, part in content.items()):
        return None
    return "technique", subject, {**content, "reason": said.reason.strip()}


def _subject(book: Book, name: str) -> str:
    """The need as it is called: in the words by which it is kept already, if it is."""
    called = " ".join(name.split())
    if not called or len(called) > LONGEST_NAME:
        raise checks.refusal("the need has no name", f"Name it in a few words, {LONGEST_NAME} characters at most.")
    return next((one for one in book.ai.techniques if one.casefold() == called.casefold()), called)


def _advice(need: Need) -> Advice:
    """What is advised for these answers."""
    try:
        return advice(need)
    except (TypeError, ValueError) as error:
        raise checks.refusal(
            f"such a need cannot be: {error}".rstrip("."), "Answer the seven questions anew."
        ) from error


def _may_be(said: Choice, found: Advice) -> None:
    """Refuses a technique that there is not, and one that leaves the advice without a sentence."""
    if said.technique not in TECHNIQUES:
        raise checks.refusal(f"there is no technique {said.technique!r}", f"Use one of: {', '.join(TECHNIQUES)}.")
    if max(len(said.reason), len(said.beats)) > LONGEST_TEXT:
        raise checks.refusal("what is said is too long", f"Say it in {LONGEST_TEXT:,} characters at most.")
    if said.technique == found.technique or checks.is_sentence(said.reason):
        return
    needless = said.technique in LANGUAGE and not found.has_language_model
    why = ", which needs no language model" if needless else ""
    raise checks.refusal(
        f"{said.technique} is not what is advised ({found.technique}{why})",
        f"Say why in a sentence of {checks.SHORTEST} characters or more.",
    )

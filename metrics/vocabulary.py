"""How text becomes words that can be compared, and the few words that a question may hold beside numbers, names and periods."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("vocabulary.yml")
# A dash or an exclamation mark before a word may mean "not", whatever stands between; right behind a word it only separates.
TOKEN = re.compile(r"(?P<against>(?<![^\W_])[-–—−!](?=\W*\w))|(?<=\w)['’][sS]\b|(?P<word>[^\W_]+)|(?P<sign>[^\w\s])")
QUIET = frozenset(".,;:?!'\"()-–—…‘’“”")
JOINING = frozenset({"by", "per", "each", "every", "and", "or", "to", "from", "since", "until"})
# Words that turn what follows round: what was kept of such a question would be its contrary.
AGAINST = frozenset({"not", "no", "non", "but", "except", "excluding", "without", "outside", "-", "–", "—", "−", "!"})
CAPITALS = {"sku", "abc", "ai"}
ENDINGS = re.compile(r"_(name|code|id)$")
Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Word:
    """One word or sign of a text: as it is compared with others, and where it stands."""

    said: str
    start: int
    end: int

    @property
    def is_sign(self) -> bool:
        """Whether it is a sign, such as % or +, and no word."""
        return not self.said[0].isalnum()


@dataclass(frozen=True)
class Vocabulary:
    """The words of `vocabulary.yml`, ready to be compared.

    Args:
        fits: words that fit some numbers only, with the units or kinds of those.
        no_number: words that ask for what no number says, with what that is.
        things: what numbers are cut by, under every word that people have for it.
        shortened: things whose names may be given by their first words.
        how_much: words by which no name goes that begins with them.
    """

    filler: frozenset[Phrase]
    now: frozenset[Phrase]
    fits: Mapping[Phrase, tuple[str, ...]]
    no_number: Mapping[Phrase, str]
    things: Mapping[Phrase, str]
    shortened: frozenset[str]
    how_much: frozenset[str]


@cache
def vocabulary() -> Vocabulary:
    """The words that a question may hold beside numbers, names and periods.

    >>> vocabulary().no_number["why",], vocabulary().things["warehouse",]
    ('a cause', 'site')
    """
    told = yaml.load(FILE.read_text("utf-8"), yaml.CSafeLoader)
    return Vocabulary(
        filler=frozenset(map(phrase, told["filler"])),
        now=frozenset(map(phrase, told["now"])),
        fits={phrase(word): tuple(kinds) for word, kinds in told["fits"].items()},
        no_number={phrase(word): what for what, listed in told["no_number"].items() for word in listed},
        things={phrase(word): thing for thing, listed in told["things"].items() for word in listed},
        shortened=frozenset(told["shortened"]),
        how_much=frozenset(word for said in told["how_much"] for word in phrase(said)),
    )


def read(text: str) -> list[Word]:
    """The words of a text in their order, and its signs but those that only separate.

    >>> [word.said for word in read("What's on-time, München?  > 5 %")]
    ['what', 'on', 'time', 'munchen', '>', '5', '%']
    """
    found = []
    for token in TOKEN.finditer(text):
        if token["word"]:
            found.append(Word(folded(token["word"]), *token.span()))
        elif token["against"] or (token["sign"] and token["sign"] not in QUIET):
            found.append(Word(token[0], *token.span()))
    return found


@lru_cache(maxsize=100_000)
def phrase(text: str) -> Phrase:
    """A text as the words by which it is found.

    >>> phrase("On-time delivery (lines)")
    ('on', 'time', 'delivery', 'line')
    """
    return tuple(word.said for word in read(clean(text)))


def clean(text: str) -> str:
    """The text with letters and spaces as everybody writes them, so that what looks the same is the same."""
    return unicodedata.normalize("NFKC", text)


def folded(word: str) -> str:
    """A word without capitals, accents and the ending of a simple plural.

    >>> folded("Sales"), folded("Categories"), folded("Gross"), folded("Café")
    ('sale', 'category', 'gross', 'cafe')
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c)).casefold()
    plain = plain or word
    if not plain.isalpha() or len(plain) < 4 or plain.endswith(("ss", "us", "is")):
        return plain
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("s", "")):
        if plain.endswith(ending):
            return plain.removesuffix(ending) + instead
    return plain


def is_no_name(word: str) -> bool:
    """Whether a word, as the first of a name or alone, is rather said of a number: a name never goes by it.

    >>> is_no_name("without"), is_no_name("top"), is_no_name("hamburg")
    (True, True, False)
    """
    return word in JOINING or word in AGAINST or word in vocabulary().how_much


@cache
def thing(column: str) -> str:
    """What a column tells apart, in words.

    >>> thing("sku_name"), thing("customer_region_name"), thing("abc_class")
    ('SKU', 'customer region', 'ABC class')
    """
    words = ENDINGS.sub("", column.removeprefix("is_")).split("_")
    return " ".join(word.upper() if word in CAPITALS else word for word in words)

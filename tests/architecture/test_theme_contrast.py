"""The colours of the theme can be read by everybody: WCAG contrast, and distance for people who see colours differently."""

import ast
import itertools
import math
import re
import tomllib
from pathlib import Path

import pytest

CONFIG = Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml"
THEME = tomllib.loads(CONFIG.read_text("utf-8"))["theme"]
LIGHT_AND_DARK = ("light", "dark")
INKS = ("textColor", "grayTextColor", "linkColor", "greenTextColor", "redTextColor", "orangeTextColor", "codeTextColor")
# Linear-RGB matrices of Machado, Oliveira and Fernandes (2009), "A Physiologically-based Model for Simulation of Color
# Vision Deficiency", severity 1.0.
SIGHTS = {
    "full colour": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
TEXT, NOT_TEXT, APART = 4.5, 3.0, 20.0


def linear(colour: str) -> tuple[float, ...]:
    """Linear light of a hex colour, each channel 0 to 1."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio, 1 to 21."""
    lights = sorted(sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(x), strict=True)) for x in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def lab(colour: str, sight: str = "full colour") -> tuple[float, float, float]:
    """CIE L*a*b* (D65) of a colour as that sight sees it."""
    light = linear(colour)
    seen = [min(max(sum(w * c for w, c in zip(row, light, strict=True)), 0.0), 1.0) for row in SIGHTS[sight]]
    matrix = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
    white = (0.95047, 1.0, 1.08883)
    parts = [
        sum(w * c for w, c in zip(row, seen, strict=True)) / reference
        for row, reference in zip(matrix, white, strict=True)
    ]
    x, y, z = (part ** (1 / 3) if part > (6 / 29) ** 3 else part / (3 * (6 / 29) ** 2) + 4 / 29 for part in parts)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one: str, other: str, sight: str) -> float:
    """CIE 1976 colour difference as that sight sees the two."""
    return math.dist(lab(one, sight), lab(other, sight))


def said_in(path: Path) -> list[str]:
    """Texts of a Python file that are no docstrings, or the whole of a style sheet."""
    text = path.read_text("utf-8")
    if path.suffix != ".py":
        return [text]
    tree = ast.parse(text)
    signs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [node.value for node in texts if id(node) not in signs]


def surfaces(appearance: str) -> list[str]:
    theme = THEME[appearance]
    return [
        theme["backgroundColor"],
        theme["secondaryBackgroundColor"],
        theme["sidebar"]["backgroundColor"],
        theme["dataframeHeaderBackgroundColor"],
    ]


def test_the_arithmetic_agrees_with_published_values():
    """Black on white is 21:1 by definition; #777777 on white is the known near miss of 4.48:1."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert lab("#ff0000") == pytest.approx((53.24, 80.09, 67.20), abs=0.02)
    assert distance("#ff0000", "#008000", "deuteranopia") < distance("#ff0000", "#008000", "full colour") / 2


@pytest.mark.parametrize("appearance", LIGHT_AND_DARK)
@pytest.mark.parametrize("ink", INKS)
def test_every_ink_can_be_read_on_every_surface(appearance: str, ink: str):
    ratios = {surface: round(contrast(THEME[appearance][ink], surface), 2) for surface in surfaces(appearance)}
    assert min(ratios.values()) >= TEXT, ratios


@pytest.mark.parametrize("appearance", LIGHT_AND_DARK)
def test_white_can_be_read_on_a_primary_button(appearance: str):
    """Streamlit writes white on the primary colour in both appearances."""
    assert contrast("#ffffff", THEME[appearance]["primaryColor"]) >= TEXT
    assert contrast(THEME[appearance]["primaryColor"], THEME[appearance]["backgroundColor"]) >= NOT_TEXT


@pytest.mark.parametrize("appearance", LIGHT_AND_DARK)
def test_the_edge_of_a_control_can_be_seen(appearance: str):
    assert contrast(THEME[appearance]["borderColor"], THEME[appearance]["backgroundColor"]) >= NOT_TEXT


@pytest.mark.parametrize("appearance", LIGHT_AND_DARK)
def test_chart_series_can_be_seen_on_the_page(appearance: str):
    page = THEME[appearance]["backgroundColor"]
    ratios = {colour: round(contrast(colour, page), 2) for colour in THEME[appearance]["chartCategoricalColors"]}
    assert min(ratios.values()) >= NOT_TEXT, ratios


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("appearance", LIGHT_AND_DARK)
def test_chart_series_can_be_told_apart(appearance: str, sight: str):
    """Four series at most: with more, some pair always looks alike to somebody."""
    colours = THEME[appearance]["chartCategoricalColors"]
    assert len(colours) == 4
    pairs = {pair: round(distance(*pair, sight)) for pair in itertools.combinations(colours, 2)}
    assert min(pairs.values()) >= APART, pairs


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("appearance", LIGHT_AND_DARK)
def test_good_bad_and_warning_differ_even_without_their_words(appearance: str, sight: str):
    """Each state also has an icon and a word, so a smaller distance will do."""
    states = [THEME[appearance][name] for name in ("greenTextColor", "redTextColor", "orangeTextColor")]
    if sight == "full colour":
        assert min(distance(*pair, sight) for pair in itertools.combinations(states, 2)) >= APART
    assert distance(states[0], states[1], sight) >= APART / 2


@pytest.mark.parametrize("appearance", LIGHT_AND_DARK)
@pytest.mark.parametrize("scale", ["chartSequentialColors", "chartDivergingColors"])
def test_a_number_can_be_read_on_every_cell_of_a_heat_map(appearance: str, scale: str):
    """Heat maps write in black or white, whichever is readable; the colours in between count too."""
    from pages.parts.chart_look import colour_at, readable_on

    colours = THEME[appearance][scale]
    assert len(colours) == 10
    cells = [colour_at(colours, step / 90) for step in range(91)]
    ratios = {cell: round(contrast(cell, readable_on(cell)), 2) for cell in cells}
    assert min(ratios.values()) >= TEXT, min(ratios.items(), key=lambda item: item[1])


@pytest.mark.parametrize("appearance", LIGHT_AND_DARK)
def test_a_sequential_scale_goes_one_way(appearance: str):
    levels = [lab(colour)[0] for colour in THEME[appearance]["chartSequentialColors"]]
    steps = [later - earlier for earlier, later in itertools.pairwise(levels)]
    assert all(step > 0 for step in steps) or all(step < 0 for step in steps), levels


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("appearance", LIGHT_AND_DARK)
def test_both_ends_of_a_diverging_scale_differ_for_everybody(appearance: str, sight: str):
    """Orange against blue, never red against green."""
    colours = THEME[appearance]["chartDivergingColors"]
    for left, right in zip(colours[:3], reversed(colours[-3:]), strict=True):
        assert distance(left, right, sight) >= APART


def test_no_colour_is_named_outside_the_theme():
    """Black and white are allowed: in cells of a heat map, and in a mask, where they are no colour."""
    drawn = [
        CONFIG.parents[1] / "app.py",
        *(CONFIG.parents[1] / "pages").rglob("*.py"),
        *(CONFIG.parents[1] / "pages").rglob("*.css"),
    ]
    named = {
        f"{path.name}: {colour}"
        for path in drawn
        for text in said_in(path)
        for colour in re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgb\(\d", text)
        if colour.lower() not in ("#000", "#000000", "#ffffff")
    }
    assert named == set()


def test_a_chart_is_repainted_when_the_appearance_changes():
    """Plotly writes colours into the drawing; the style sheet knows each of them in both appearances."""
    from pages.parts.look import sheet

    for light, dark in zip(
        THEME["light"]["chartCategoricalColors"], THEME["dark"]["chartCategoricalColors"], strict=True
    ):
        assert f"light-dark({light}, {dark}) !important" in sheet()

"""Whatever calls there were and however a log is spoilt: every line is accounted for, and sums are the sums of the calls."""

import json
import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.usage_logs import (
    Call,
    anthropic,
    buckets,
    collector_line,
    collector_span,
    landed,
    langfuse,
    lines,
    litellm,
    openai,
    span,
)

SHAPES = (span, openai, anthropic, litellm, langfuse)
counts = st.integers(0, 10**6)


@st.composite
def calls(draw):
    """Calls whose parts fit into their wholes, each with an id of its own."""
    found = []
    for number in range(draw(st.integers(1, 12))):
        read, written, fresh, reasoning, visible = (draw(counts) for _ in range(5))
        at = f"2026-11-{draw(st.integers(1, 19)):02}T{draw(st.integers(0, 23)):02}:00:00+00:00"
        found.append(Call(f"c{number}", at, read + written + fresh, read, written, reasoning + visible, reasoning))
    return found


SPOILT = st.sampled_from(['{"cut": ', "", "   ", "null", "7", '["a"]', "{]", "}{", "\u2028", '{"a": nul}', '"text"'])


def in_a_folder(content: str, name: str = "log.jsonl"):
    folder = Path(tempfile.mkdtemp())
    try:
        return landed(folder, content, name=name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@given(calls(), st.sampled_from(SHAPES), st.lists(st.tuples(st.integers(0, 12), SPOILT), max_size=6), st.randoms())
@settings(max_examples=25)
def test_lines_in_are_accepted_set_aside_or_ignored_and_tokens_are_the_calls_tokens(made, shape, spoilt, dice):
    """Broken lines anywhere, records said twice: the calls come out once each with their very tokens."""
    written = [json.dumps(shape(call)) for call in made]
    twice = written + dice.sample(written, dice.randint(0, len(written)))
    dice.shuffle(twice)
    for place, text in spoilt:
        twice.insert(1 + place, text)
    found = in_a_folder("\n".join([*twice, ""]))
    lines_in, accepted, set_aside, ignored = found.counts
    assert lines_in == accepted + set_aside + ignored
    assert accepted == len(made)
    assert set_aside == sum(bool(text.strip()) for _, text in spoilt)
    by_hand = sorted(
        (c.input - c.read - c.written, c.read, c.written, c.output - c.reasoning, c.reasoning) for c in made
    )
    assert sorted(counted[1:] for counted in buckets(found.rows)) == by_hand


@given(calls(), st.integers(1, 4), st.randoms())
@settings(max_examples=15)
def test_however_spans_share_lines_each_counts_once(made, width, dice):
    """Calls on few or many lines, each under a parent that repeats it: the sum of the input is that of the calls."""
    spans = [collector_span(call) for call in made]
    spans += [
        collector_span(
            Call(f"p{n}", call.at, 0),
            {"gen_ai.operation.name": "invoke_agent", "gen_ai.usage.input_tokens": call.input},
            name="invoke_agent a",
        )
        for n, call in enumerate(made)
    ]
    dice.shuffle(spans)
    found = in_a_folder(lines(collector_line(spans[at : at + width]) for at in range(0, len(spans), width)))
    assert found.counts == (2 * len(made), len(made), 0, len(made))
    assert found.rows["input_token_count"].sum() == sum(call.input for call in made)


@given(calls(), st.lists(st.text(st.characters(codec="utf-8"), max_size=12), max_size=5))
@settings(max_examples=15)
def test_tags_never_fan_out(made, tags):
    """However many tags a call has, it is one row and costs once."""
    records = [litellm(call) | {"request_tags": tags, "spend": 0.000001} for call in made]
    found = in_a_folder(lines(records))
    assert found.rows.height == len(made)
    assert found.rows["reported_cost"].sum() * 1_000_000 == len(made)
    if tags:
        assert {json.dumps(json.loads(text)) for text in found.rows["tags_text"]} == {
            json.dumps(tags).replace("\\u0000", "\u2400")
        } or "\0" in "".join(tags)


@given(calls(), st.sampled_from(SHAPES), st.randoms())
@settings(max_examples=15)
def test_the_order_of_the_records_tells_nothing(made, shape, dice):
    """A log turned round gives the same rows, the beside-row columns among them."""
    records = [shape(call) for call in made]
    turned = dice.sample(records, len(records))
    first, second = in_a_folder(lines(records)), in_a_folder(lines(turned), "turned.jsonl")
    assert sorted(map(str, first.rows.drop("line_no").rows())) == sorted(map(str, second.rows.drop("line_no").rows()))

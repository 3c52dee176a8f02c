"""A log as it really comes: whatever is wrong with a record, it is counted, and the others are read."""

import json

import pytest

from errors import Refusal
from pipelines import json_lines, read
from pipelines.spans import moment
from tests.usage_logs import Call, anthropic, collector_line, collector_span, landed, lines, litellm, openai, span

GOOD = Call("good", "2026-11-14T08:00:00Z", 100, output=10)
AT = "2026-11-14T08:00:00Z"


def test_every_kind_of_trouble_is_accounted_for(tmp_path):
    """Ten good calls with odd ones between them: 21 lines are 21 lines."""
    good = [json.dumps(litellm(Call(f"g{n}", AT, 100 + n, output=10))) for n in range(10)]
    odd = [
        json.dumps(litellm(Call("unknown", AT, 5, model="nobody/knows-this"))),  # accepted: a gap, never nought
        json.dumps(litellm(GOOD) | {"request_id": "euro", "metadata": {"cost_currency": "EUR"}}),
        json.dumps({**litellm(GOOD), "request_id": "later", "startTime": "2031-01-01T00:00:00Z"}),  # set aside
        json.dumps({**litellm(GOOD), "request_id": "1970", "startTime": "1970-01-01T00:00:00Z"}),  # accepted
        json.dumps({**litellm(GOOD), "request_id": "minus", "prompt_tokens": -5}),  # set aside
        json.dumps({**litellm(GOOD), "request_id": "words", "prompt_tokens": "many"}),  # set aside
        json.dumps({**litellm(GOOD), "request_id": "lacks", "prompt_tokens": None, "model": None}),  # accepted
        good[0],  # the same record again: ignored
        '{"request_id": "cut off", "spe',  # set aside
        "42",  # set aside
        "",  # ignored
    ]
    mixed = [line for pair in zip(good, odd[:10], strict=True) for line in pair] + odd[10:]
    found = landed(tmp_path, "\n".join(mixed) + "\n")
    assert found.counts == (21, 14, 5, 2)
    why = {row["line_no"]: row["reason"] for row in found.set_aside.to_dicts()}
    assert why[6] == "lies after the day the file was landed"
    assert why[10] == "below 0"
    assert why[12] == "not a whole number"
    assert why[18] == why[20] == "the line cannot be read as a row"
    assert "Line 18" in found.set_aside.filter(line_no=18)["value_text"].item()
    assert found.rows.filter(call_id="1970")["called_at"].item().year == 1970


def test_two_records_with_one_id_that_differ_are_both_set_aside(tmp_path):
    """Nothing says which of them is right."""
    found = landed(tmp_path, lines([litellm(GOOD), litellm(GOOD) | {"spend": 0.5}, litellm(Call("other", AT, 1))]))
    assert found.counts == (3, 1, 2, 0)


@pytest.mark.parametrize("make", [span, openai, anthropic])
def test_a_record_without_an_id_gets_one_that_stays(tmp_path, make):
    """The id is made of the record: landing the log again, turned round, finds the same calls."""
    records = [make(Call("x", f"2026-11-14T08:0{n}:00Z", n, output=1)) for n in range(3)]
    for record in records:
        record.pop("context", None)
        record.get("response", {}).pop("id", None)
    there = landed(tmp_path, lines(records))
    again = landed(tmp_path, lines(reversed(records)), name="again.jsonl")
    assert there.counts == again.counts == (3, 3, 0, 0)
    assert set(there.rows["call_id"]) == set(again.rows["call_id"])
    assert len(set(there.rows["call_id"])) == 3


def test_a_gateway_log_without_request_ids_gets_made_ones(tmp_path):
    records = [litellm(Call("x", f"2026-11-14T08:0{n}:00Z", n)) | {"request_id": None} for n in range(3)]
    found = landed(tmp_path, lines(records))
    assert found.counts == (3, 3, 0, 0)
    assert found.rows["call_id"].str.starts_with("made-").all()


def test_an_array_that_breaks_off_keeps_what_came_before(tmp_path):
    text = json.dumps([litellm(Call(f"g{n}", AT, 1)) for n in range(5)], indent=1)
    found = landed(tmp_path, text[: text.index('"g3"') + 6])
    assert found.counts == (4, 3, 1, 0)
    assert "cannot be read from here to the end" in found.set_aside["value_text"].item()


def test_an_array_without_its_end_says_so(tmp_path):
    text = json.dumps([litellm(Call(f"g{n}", AT, 1)) for n in range(2)])
    found = landed(tmp_path, text[:-1])
    assert found.counts == (3, 2, 1, 0)
    assert "closing bracket is missing" in found.set_aside["value_text"].item()


def test_the_tail_of_a_log_that_was_cut_is_read(tmp_path):
    """A rotated log may begin in the middle of a record."""
    whole = lines(litellm(Call(f"g{n}", AT, 1)) for n in range(4))
    found = landed(tmp_path, whole[40:])
    assert found.counts == (4, 3, 1, 0)


def test_long_lines_and_deep_nesting_are_read_or_set_aside(tmp_path):
    deep = "{" + '"a":{' * 5_000 + '"b":1' + "}" * 5_000 + "}"
    long = json.dumps(openai(GOOD) | {"note": "y" * 5_000_000})
    nested = openai(Call("n", AT, 3)) | {"more": json.loads('{"a":' * 50 + "1" + "}" * 50)}
    found = landed(tmp_path, "\n".join([long, deep, json.dumps(nested)]))
    assert found.counts == (3, 2, 1, 0)
    assert len(str(found.rows["extra"].to_list())) < 60_000


def test_characters_that_are_none_cost_their_line_only(tmp_path):
    """A lone half of a character, zero bytes, bytes that are no UTF-8, names that differ in case only."""
    odd = [
        json.dumps(openai(GOOD) | {"use_case": "\ud83d half"}).encode(),
        json.dumps(openai(Call("z", AT, 1)) | {"use_case": "zero\0byte"}).encode(),
        json.dumps(openai(Call("t", AT, 1)) | {"Use_Case": "A", "use_case": "B"}).encode(),
        b'{"timestamp": "\xff\xfe"}',
    ]
    found = landed(
        tmp_path,
        b"\n".join(
            odd
            + [json.dumps(openai(Call("k", AT, 1)) | {"use_case": "Größe über Köln"}, ensure_ascii=False).encode()] * 9
        ),
    )
    assert found.counts == (13, 4, 1, 8)
    assert found.rows.filter(call_id="t")["use_case_name"].item() in ("A", "B")


def test_a_log_with_no_end_of_field_names_keeps_them_in_one_column(tmp_path):
    """Ids as names of fields: the columns that matter stay columns, the rest stands together."""
    records = [litellm(Call(f"g{n}", AT, n)) | {"scores": {f"id{n}-{k}": k for k in range(50)}} for n in range(20)]
    found = landed(tmp_path, lines(records))
    assert found.counts == (20, 20, 0, 0)
    assert found.rows["input_token_count"].sum() == sum(range(20))
    kept = [len(row) + len(json.loads(row.get("other_fields", "{}"))) for row in found.rows["extra"].to_list()]
    assert min(kept) > 50


def test_lines_of_a_trace_file_that_hold_nothing_are_ignored(tmp_path):
    lot = [collector_line([collector_span(GOOD)]), {"resourceSpans": []}, {"resourceSpans": [{"scopeSpans": []}]}]
    assert landed(tmp_path, lines(lot)).counts == (3, 1, 0, 2)


def test_trace_data_of_another_form_is_set_aside_whole(tmp_path):
    """Numbers where spans should be, ids that are objects: no crash, and no line is lost."""
    odd = [
        '{"resourceSpans": [null, 1]}',
        '{"resourceSpans": [{"scopeSpans": [{"spans": [3]}]}]}',
        '{"resourceSpans": [{"resource": 3, "scopeSpans": 4}]}',
        '{"resourceSpans": null}',  # nothing in it: ignored
        '{"name": "chat", "spanId": ["a"], "traceId": {"b": 1}, "startTimeUnixNano": -5, "attributes": '
        '[{"key": "gen_ai.usage.input_tokens", "value": {"intValue": "7"}}, 7, {"key": "k", "value": {"arrayValue": {}}}]}',
    ]
    found = landed(tmp_path, "\n".join([*odd, json.dumps(span(GOOD))]))
    assert found.counts == (6, 2, 3, 1)
    assert found.rows["input_token_count"].sum() == 107


def test_replies_of_an_odd_form_are_read_as_far_as_they_go(tmp_path):
    odd = {
        "object": "chat.completion",
        "id": 5,
        "created": 1763107200,
        "usage": [],
        "choices": [None, {"message": [1]}],
    }
    parts = {**odd, "id": 6, "usage": {"prompt_tokens": {"a": 1}}, "choices": [{"message": {"tool_calls": 3}}]}
    found = landed(tmp_path, lines([odd, parts, openai(GOOD), {"response": [1], "error": "x", "timestamp": AT}]))
    assert found.counts == (4, 4, 0, 0)
    assert found.rows["input_token_count"].sum() == 100


def test_notes_between_replies_are_ignored_and_errors_are_kept(tmp_path):
    """A line that tells of no call is none; one with an error is a call that failed."""
    notes = [
        {"timestamp": AT, "message": "started"},
        {"timestamp": AT, "error": {"type": "rate_limit"}, "use_case": "UC1"},
    ]
    found = landed(tmp_path, lines([anthropic(GOOD), *notes]))
    assert found.counts == (3, 2, 0, 1)
    assert found.rows.filter(status_code="error")["use_case_name"].item() == "UC1"


def test_a_clock_that_ran_backwards_costs_the_latency_and_not_the_call(tmp_path):
    found = landed(tmp_path, lines([litellm(GOOD) | {"endTime": "2026-11-14T07:59:59Z"}]))
    assert found.rows["latency_ms"].to_list() == [None]


@pytest.mark.parametrize("content", ["[]", "{}", '[1, 2, "x"]', '[[{"a": 1}]]'])
def test_json_without_records_is_refused_in_words(tmp_path, content):
    path = tmp_path / "empty.json"
    path.write_text(content)
    with pytest.raises(Refusal) as caught:
        landed(tmp_path, content, name="empty.json")
    assert caught.value.fix


def test_a_json_log_of_an_own_system_is_recognised_by_its_words(tmp_path):
    """Other names, nested: found by the aliases of the contract, with the rest beside the row."""
    own = [
        {
            "request": {"id": f"r{n}"},
            "time": f"2026-11-14T08:0{n}:00Z",
            "llm": "m-1",
            "usage": {"prompt_tokens": n},
            "x": n,
        }
        for n in range(4)
    ]
    found = landed(
        tmp_path,
        lines(own),
        contract="ai_calls",
        answers={"columns": {"call_id": "request.id", "input_token_count": "usage.prompt_tokens", "called_at": "time"}},
    )
    assert found.counts == (4, 4, 0, 0)
    assert found.rows["input_token_count"].sum() == 6
    assert found.rows["extra"].to_list()[0] == {"x": "0"}


def test_an_own_csv_of_calls_is_recognised_by_its_headings(tmp_path):
    head = "Request ID;Timestamp;Model;Prompt tokens;Completion tokens;Spend;Use case\n"
    text = head + "r1;2026-11-14 08:00;m-1;100;10;0.002;UC1\nr2;2026-11-14 09:00;m-1;50;5;0.001;UC1\n"
    found = landed(tmp_path, text, name="calls.csv")
    assert found.part.contract == "ai_calls"
    assert found.rows.select("input_token_count", "output_token_count").sum().row(0) == (150, 15)


def test_an_own_csv_without_ids_gets_them_made(tmp_path):
    """The same file, its columns in another order, has the same calls; two lines that say the same are one."""
    rows = ["2026-11-14 08:00,m-1,100,10,0.002", "2026-11-14 09:00,m-1,50,5,0.001", "2026-11-14 09:00,m-1,50,5,0.001"]
    first = landed(tmp_path, "\n".join(["Timestamp,Model,Prompt tokens,Completion tokens,Spend", *rows]), name="a.csv")
    swapped = [",".join([cells[1], cells[0], *cells[2:]]) for cells in (row.split(",") for row in rows)]
    second = landed(
        tmp_path, "\n".join(["Model,Timestamp,Prompt tokens,Completion tokens,Spend", *swapped]), name="b.csv"
    )
    assert first.counts == second.counts == (3, 2, 0, 1)
    assert set(first.rows["call_id"]) == set(second.rows["call_id"])


def test_a_public_trace_without_ids_lands_when_it_is_named(tmp_path, shared):
    """Moments and tokens only: too little to be recognised by, enough to be read as calls."""
    content = (shared / "data" / "llm" / "AzureLLMInferenceTrace_code.csv").read_bytes()
    found = landed(
        tmp_path, content, name="trace.csv", contract="ai_calls", answers={"columns": {"called_at": "TIMESTAMP"}}
    )
    lines_in, accepted, set_aside, ignored = found.counts
    assert lines_in == accepted + ignored == len(content.splitlines()) - 1
    assert set_aside == 0
    assert accepted > 8_000
    assert found.rows["output_token_count"].null_count() == 0


def test_an_own_work_log_is_recognised_by_its_headings(tmp_path):
    head = "Work item,Use case,Case,Created at,Closed,Arm,Answer,Minutes,Review time,Error\n"
    text = head + "w1,UC1,SO-1,2026-11-14 08:00,2026-11-14 08:20,assisted,accepted,3,1,no\n"
    text += "w2,UC1,SO-2,2026-11-14 09:00,,alone,,12,,yes\n"
    found = landed(tmp_path, text, name="work.csv")
    assert found.part.contract == "ai_cases"
    assert found.counts == (2, 2, 0, 0)
    assert found.rows["hands_on_minutes"].sum() == 15


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("1763107200000000000", "2025-11-14T08:00:00.000000Z"),
        (1763107200000, "2025-11-14T08:00:00.000000Z"),
        (1763107200, "2025-11-14T08:00:00.000000Z"),
        (1763107200.25, "2025-11-14T08:00:00.250000Z"),
        (0, "1970-01-01T00:00:00.000000Z"),
        ("9" * 30, "9" * 30),
        (True, True),
        ("soon", "soon"),
    ],
)
def test_a_moment_is_told_by_its_size(said, means):
    assert moment(said) == means


def test_a_file_of_csv_that_begins_with_a_brace_is_csv(tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text('{note},qty\n"a",5\n')
    assert read.survey(path, path.name)[0].file_kind == "csv"


def test_the_reader_says_what_is_no_object():
    assert json_lines.parsed("[1]") == "it is no JSON object"
    assert "character" in str(json_lines.parsed('{"a" 1}'))

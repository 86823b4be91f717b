"""What an operator reads, and what never gets into a log."""

import json
import logging

import structlog

from config.http.logs import OneLine, only_listed


def test_only_listed_keys_are_written():
    event = {"event": "sent", "message_id": "m1", "to": "ada@example.com", "name": "Ada Okafor"}
    assert only_listed(None, "info", event) == {"event": "sent", "message_id": "m1"}


def test_a_request_keeps_its_path_and_loses_what_was_asked():
    event = {"event": "request_started", "request": "GET /board/?name=Okafor"}
    assert only_listed(None, "info", event)["request"] == "GET /board/"


def test_an_error_keeps_its_kind_and_loses_its_words():
    event = {"event": "failed", "exc_info": ValueError("Ada Okafor")}
    assert only_listed(None, "error", event) == {"event": "failed", "exception_type": "ValueError"}


def test_a_name_with_line_breaks_stays_one_json_line(caplog):
    with caplog.at_level(logging.INFO):
        structlog.get_logger("tests").warning("refused", code="a\nb\x1b[31m", name="Ada")
    line = caplog.messages[-1]
    assert "\n" not in line
    assert json.loads(line)["code"] == "a\nb\x1b[31m"
    assert "Ada" not in line


def test_the_standard_librarys_records_lose_the_values_of_an_error():
    try:
        raise KeyError("Ada Okafor")
    except KeyError:
        import sys

        record = logging.LogRecord("django.request", logging.ERROR, "", 1, "failed at %s", ("x\ny",), sys.exc_info())
    line = OneLine().format(record)
    assert line.startswith("ERROR django.request failed at %s KeyError at test_logs.py:")
    assert "Ada" not in line


def test_an_address_forges_no_line():
    asked = ("/x\nERROR forged\r\x1b[31m\u2028\u202e",)
    line = OneLine().format(logging.LogRecord("django.request", logging.WARNING, "", 1, "Not Found: %s", asked, None))
    assert line.startswith("WARNING django.request Not Found: /x ERROR forged")
    assert line.isprintable()
    assert line.splitlines() == [line]


def test_what_opens_a_patients_page_is_in_no_line():
    opens = "/v/AbCdEfGhIjKlMnOpQrStUv/"
    assert only_listed(None, "info", {"request": f"GET {opens}visit.ics"})["request"] == "GET /v/•••/visit.ics"
    line = OneLine().format(logging.LogRecord("django.request", logging.WARNING, "", 1, "Gone: %s", (opens,), None))
    assert line == "WARNING django.request Gone: /v/•••/"

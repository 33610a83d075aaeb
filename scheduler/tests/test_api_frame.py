"""The frame of the API: one shape for every error, limits in the headers, a document and a page."""

import json

import pytest
from django.db import OperationalError
from django.test import Client

from accounts.api import limits
from accounts.api.sentences import A_TIME
from accounts.models import CallCount
from accounts.tests.program import Program, code

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def me(alice) -> Program:
    return Program(alice)


@pytest.mark.parametrize(
    "path",
    [
        "/users",
        "/users/",
        "/users/me/",
        "/posts/1/no-such",
        "/api/v1/nothing",
        "/token/",
    ],
)
def test_what_is_not_there_is_told_in_json(me, path):
    assert code(me.get(path)) == (404, "not_found")
    assert code(me.post(path, {})) == (404, "not_found")


@pytest.mark.parametrize("number", ["abc", "0", "-1", "9" * 30])
def test_what_is_no_id_of_ours_leads_nowhere(me, number):
    assert code(me.get(f"/posts/{number}")) == (404, "not_found")


def test_another_method_is_told_which_there_are(me):
    answer = me.post("/users/me", {})

    assert code(answer) == (405, "method_not_allowed")
    assert answer["Allow"] == "GET"
    assert answer.json()["error"]["fields"] == {}


@pytest.mark.parametrize(
    "body", ["{", "nonsense", '{"a": NaN}', "[" * 100_000, '{"username": "\\u0000"}', '"\\ud800"',
             b"\xff\xfe", "9" * 5000],
)  # fmt: skip
def test_what_is_no_json_is_said_to_be_none(body):
    answer = Client().post("/register", body, content_type="application/json")

    assert code(answer) in {(400, "bad_json"), (422, "invalid")}


def test_another_type_is_not_understood():
    assert code(Client().post("/register", {"username": "carol"})) == (
        415,
        "unsupported_media_type",
    )
    answer = Client().post("/token", "{}", content_type="application/json")
    assert code(answer) == (415, "unsupported_media_type")


def test_a_body_that_is_too_large_is_not_read():
    assert code(Program().post("/register", {"username": "x" * 3_000_000})) == (413, "too_large")


def test_unknown_names_are_refused_by_name(me):
    answer = me.get("/users/me", sort="name")

    assert code(answer) == (422, "invalid")
    assert answer.json()["error"]["fields"] == {"sort": ["There is no such field."]}
    token = Program().send("/token", username="a", password="b", client="c").json()
    assert token["error"]["fields"] == {"client": ["There is no such field."]}


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"limit": 1000}, "This must be 100 at the most."),
        ({"author": "carol"}, "This must be a whole number."),
        ({"from": "2026-12-22T09:30:00"}, A_TIME),
        ({"from": "2026-12-22T09:30:00 01:00"}, A_TIME),  # what becomes of + in an address
    ],
)
def test_what_is_wrong_is_told_with_what_to_send(me, query, sentence):
    answer = me.get("/posts/", **query)

    assert code(answer) == (422, "invalid")
    assert answer.json()["error"]["fields"] == {next(iter(query)): [sentence]}


def test_a_body_that_is_missing_has_a_name(me):
    answer = me.post("/posts/")

    assert answer.json()["error"]["fields"] == {"body": ["This is required."]}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("[]", (422, "invalid", ["body"])),
        ("null", (422, "invalid", ["body"])),
        ("", (422, "invalid", ["body"])),
        ('{"caption": "one", "caption": "two"}', (400, "bad_json", [])),
        ('{"publications": [{"channel_id": 1, "channel_id": 2}]}', (400, "bad_json", [])),
        ("[" * 100_000, (400, "bad_json", [])),
        ('{"caption": "caf\\ud800"}', (400, "bad_json", [])),
    ],
)
def test_what_is_no_object_or_not_clear_is_told_apart(me, body, said):
    answer = me.client.generic(
        "POST", "/posts/", body, content_type="application/json", headers=me.headers
    )

    error = answer.json()["error"]
    assert (answer.status_code, error["code"], list(error["fields"])) == said


def test_what_stands_twice_in_an_address_is_not_guessed(me):
    answer = me.client.get("/posts/?state=draft&state=failed", headers=me.headers)

    assert code(answer) == (422, "invalid")
    assert answer.json()["error"]["fields"] == {"state": ["Send this once."]}


@pytest.mark.parametrize("moment", ["1800000000", "2026", "1.8e9", "2026-11-22T09:30:00"])
def test_a_time_is_written_whole(me, moment):
    assert list(me.get("/posts/", **{"from": moment}).json()["error"]["fields"]) == ["from"]


def test_a_number_is_no_time(me):
    publication = {"channel_id": 1, "scheduled_at": 1_800_000_000, "consent": True}

    answer = me.post("/posts/", {"publications": [publication]})

    assert answer.json()["error"]["fields"] == {"publications.0.scheduled_at": [A_TIME]}


def test_a_body_of_unknown_length_is_not_taken_for_none(me):
    headers = me.headers | {"Transfer-Encoding": "chunked"}

    answer = me.client.generic("POST", "/posts/", content_type="application/json", headers=headers)

    assert code(answer) == (400, "length_required")


@pytest.mark.parametrize("path", ["/openapi.json", "/docs", "/posts/", "/token"])
def test_an_unknown_method_hears_which_there_are(path):
    answer = Client(enforce_csrf_checks=True).put(path)

    assert code(answer) == (405, "method_not_allowed")
    assert answer["Allow"]


def test_a_nul_is_no_text():
    answer = Program().send("/token", username="a\0b", password="b")

    assert code(answer) == (422, "invalid")


def test_a_mistake_of_ours_is_no_page(alice, monkeypatch):
    def break_down(*_: object) -> None:
        raise ZeroDivisionError("a secret of ours")

    monkeypatch.setattr(limits, "count_user", break_down)
    program = Program(alice)
    program.client.raise_request_exception = False

    answer = program.get("/users/me")

    assert code(answer) == (500, "internal_error")
    assert "secret" not in answer.content.decode()


def test_a_database_that_is_away_is_said_to_be(alice, monkeypatch):
    def away(*_: object) -> None:
        raise OperationalError("the server closed the connection unexpectedly")

    monkeypatch.setattr(limits, "count_user", away)
    program = Program(alice)
    program.client.raise_request_exception = False

    answer = program.get("/users/me")

    assert code(answer) == (503, "unavailable")
    assert answer["Retry-After"] == "5"


def test_the_limit_is_in_the_headers(me):
    first, second = me.get("/users/me"), me.get("/users/me")

    assert (first["RateLimit-Limit"], first["RateLimit-Remaining"]) == ("600", "599")
    assert second["RateLimit-Remaining"] == "598"
    assert 0 < int(second["RateLimit-Reset"]) <= 60


def test_beyond_the_limit_everybody_waits(me, bob):
    me.get("/users/me")
    CallCount.objects.filter(whose__startswith="user:").update(used=600)

    answer = me.get("/users/me")

    assert code(answer) == (429, "too_many_requests")
    assert answer["Retry-After"] == answer["RateLimit-Reset"]
    assert answer["RateLimit-Remaining"] == "0"
    assert Program(bob).get("/users/me").status_code == 200


def test_tokens_have_a_tighter_limit_for_each_address(make_person):
    make_person("carol")
    CallCount.objects.create(whose="token:127.0.0.1", used=20)

    answer = Program().send("/token", username="carol", password="sesame street 9")

    assert code(answer) == (429, "too_many_requests")
    assert answer["RateLimit-Limit"] == "20"


def test_the_document_is_there_for_everybody():
    document = Client().get("/openapi.json").json()

    assert document["openapi"] == "3.1.0"
    assert {"/register", "/token", "/users/me"} <= set(document["paths"])
    assert document["paths"]["/users/me"]["get"]["security"] == [{"Bearer": []}]


def test_every_endpoint_says_what_it_is_and_how_it_fails():
    document = Client().get("/openapi.json").json()
    endpoints = {
        f"{method} {path}": endpoint
        for path, methods in document["paths"].items()
        for method, endpoint in methods.items()
    }
    silent = [name for name, each in endpoints.items() if not each.get("summary")]
    assert silent == []
    told = document["components"]["responses"]
    problem = {"$ref": "#/components/schemas/Problem"}
    for name, endpoint in endpoints.items():
        errors = {status: each for status, each in endpoint["responses"].items() if status >= "400"}
        assert {"400", "429", "503"} <= set(errors), name
        for each in errors.values():
            error = told[each["$ref"].rpartition("/")[2]]
            assert error["content"]["application/json"]["schema"] == problem, name
    assert "detail" not in json.dumps(document["components"]["schemas"]["Problem"])


def test_the_page_of_the_document_needs_nobody_else(settings):
    page = Client().get("/docs")

    assert page.status_code == 200
    text = page.content.decode()
    assert "https://" not in text
    assert "<script>" not in text
    assert "unsafe" not in page["Content-Security-Policy"]

"""Every code of TikTok becomes one class, with a sentence that a person can act on."""

import pickle

import pytest

from tiktok import errors, upload_errors
from tiktok.error_codes import CLASS_BY_CODE, error_for, error_without_code
from tiktok.fail_reasons import FailKind, failure_from_reason

# code, HTTP status, class: the tables of Protocol 3 and 2.8, written down a second time.
CODES = [
    ("spam_risk_too_many_posts", 200, errors.CreatorCapReached),
    ("spam_risk_too_many_posts", 403, errors.CreatorCapReached),
    ("spam_risk_user_banned_from_posting", 403, errors.Banned),
    ("reached_active_user_cap", 200, errors.AppCapReached),
    ("spam_risk_too_many_pending_share", 403, errors.DraftsPending),
    ("unaudited_client_can_only_post_to_private_accounts", 403, errors.AccountMustBePrivate),
    ("url_ownership_unverified", 403, errors.UrlNotVerified),
    ("privacy_level_option_mismatch", 403, errors.NeedsChoice),
    ("invalid_param", 400, errors.Rejected),
    ("invalid_params", 400, errors.Rejected),
    ("invalid_file_upload", 400, errors.FileRejected),
    ("app_version_check_failed", 400, errors.AppTooOld),
    ("invalid_publish_id", 400, errors.UnknownPublishId),
    ("token_not_authorized_for_specified_publish_id", 400, errors.WrongAccount),
    ("publish_not_cancellable", 400, errors.NotCancellable),
    ("scope_permission_missed", 400, errors.MissingScope),
    ("access_token_invalid", 401, errors.TokenInvalid),
    ("scope_not_authorized", 401, errors.NeedsReconnect),
    ("rate_limit_exceeded", 429, errors.RateLimited),
    ("internal_error", 500, errors.ServerFault),
    ("internal_error", 200, errors.ServerFault),
    ("access_denied", 400, errors.AccessDenied),
    ("invalid_client", 401, errors.AppNotAccepted),
    ("invalid_grant", 200, errors.GrantInvalid),
    ("invalid_request", 400, errors.AppNotAccepted),
    ("invalid_scope", 400, errors.AppNotAccepted),
    ("unauthorized_client", 400, errors.AppNotAccepted),
    ("unsupported_grant_type", 400, errors.AppNotAccepted),
    ("unsupported_response_type", 400, errors.AppNotAccepted),
    ("server_error", 200, errors.ServerFault),
    ("temporarily_unavailable", 503, errors.ServerFault),
    ("a_code_from_the_future", 200, errors.Rejected),
    ("a_code_from_the_future", 404, errors.Rejected),
    ("a_code_from_the_future", 429, errors.RateLimited),
    ("a_code_from_the_future", 502, errors.ServerFault),
]


def every_class(root: type[errors.TikTokError] = errors.TikTokError):
    yield root
    for child in root.__subclasses__():
        yield from every_class(child)


@pytest.mark.parametrize(("code", "status", "expected"), CODES)
def test_a_code_becomes_its_class(code, status, expected):
    error = error_for(code, http_status=status, message="why", log_id="log-1")

    assert type(error) is expected
    assert (error.code, error.message, error.log_id) == (code, "why", "log-1")
    assert error.http_status == status


def test_no_known_code_is_missing_above():
    assert {code for code, _, _ in CODES} - {"a_code_from_the_future"} == set(CLASS_BY_CODE)


@pytest.mark.parametrize("error_class", dict.fromkeys(every_class()))
def test_every_class_speaks_to_people(error_class):
    for sentence in (error_class.for_people, error_class.what_to_do):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert "_" not in sentence
    assert error_class.retryable is issubclass(error_class, errors.Temporary)


def test_only_where_tiktok_may_have_acted_the_outcome_is_unknown():
    unknown = {c for c in every_class() if not c.outcome_known}

    assert unknown == {errors.ServerFault, upload_errors.LastAnswerLost}
    assert errors.Unreachable("reset").outcome_known is False
    assert errors.Unreachable("refused", sent=False).outcome_known is True


def test_a_refusal_shows_its_code_to_people_and_the_log_id_to_logs():
    error = error_for("a_code_from_the_future", http_status=403, message="no", log_id="2026x")

    assert error.for_people == "TikTok refused this (code: a_code_from_the_future)."
    assert str(error) == "a_code_from_the_future: no (HTTP 403, log_id 2026x)"
    assert errors.Rejected.for_people == "TikTok refused this."


def test_a_foreign_message_stays_on_one_line_of_the_log():
    error = error_for("bad", http_status=400, message="first\nERROR forged\r\n" + "x" * 900)

    assert "\n" not in str(error)
    assert len(error.message) == 500


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, errors.ServerFault),
        (302, errors.ServerFault),
        (403, errors.ServerFault),
        (429, errors.RateLimited),
        (502, errors.ServerFault),
    ],
)
def test_a_gateway_says_nothing_about_the_post(status, expected):
    error = error_without_code("a page", http_status=status, retry_after=7)

    assert type(error) is expected
    assert error.retryable is True
    assert error.retry_after == 7


def test_an_error_survives_the_way_between_processes():
    error = upload_errors.Interrupted("reset", confirmed=10, http_status=502)

    copy = pickle.loads(pickle.dumps(error))

    assert (copy.confirmed, copy.http_status, str(copy)) == (10, 502, "reset (HTTP 502)")


@pytest.mark.parametrize(
    ("reason", "kind", "retries"),
    [
        ("file_format_check_failed", FailKind.MEDIA, 0),
        ("duration_check_failed", FailKind.MEDIA, 0),
        ("frame_rate_check_failed", FailKind.MEDIA, 0),
        ("picture_size_check_failed", FailKind.MEDIA, 0),
        ("internal", FailKind.TEMPORARY, 3),
        ("video_pull_failed", FailKind.PULL, 2),
        ("photo_pull_failed", FailKind.PULL, 2),
        ("publish_cancelled", FailKind.CANCELLED, 0),
        ("auth_removed", FailKind.RECONNECT, 0),
        ("spam_risk_too_many_posts", FailKind.CAP, 0),
        ("spam_risk_user_banned_from_posting", FailKind.BANNED, 0),
        ("spam_risk_text", FailKind.TEXT, 0),
        ("spam_risk", FailKind.RISK, 0),
    ],
)
def test_a_fail_reason_says_what_to_do(reason, kind, retries):
    failed = failure_from_reason(reason)

    assert (failed.reason, failed.kind, failed.retries) == (reason, kind, retries)
    assert failed.retryable is (retries > 0)
    assert failed.for_people.endswith(".")
    assert failed.what_to_do.endswith(".")


def test_an_unknown_fail_reason_is_shown_as_it_came():
    failed = failure_from_reason("moon_in_the_seventh_house")

    assert failed.kind is FailKind.UNKNOWN
    assert failed.retryable is False
    assert (
        failed.for_people
        == "TikTok could not publish this post. It says: moon_in_the_seventh_house."
    )


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_a_failure_without_a_reason_says_so(reason):
    assert failure_from_reason(reason).for_people == (
        "TikTok could not publish this post. It does not say why."
    )

"""What hypothesis may choose from."""

from datetime import timedelta

from hypothesis import strategies as st

from tiktok.tests.model.actors import Fate, Trouble

BOUNDARIES = 60  # more than one step of a worker has
Answer = tuple[str, str]  # an endpoint, and what it will answer

boundaries = st.one_of(st.integers(1, 12), st.integers(1, BOUNDARIES))
real_troubles = st.builds(Trouble, st.sampled_from(Fate), boundaries)
troubles = st.one_of(st.none(), real_troubles)
rarely = st.sampled_from([False] * 5 + [True])
whose = st.integers(0, 1)
workers = st.integers(0, 2)
_answers = st.sampled_from(
    [
        "reset_before",
        "reset_after",
        "html",
        "html_after",
        "truncated",
        "refuse 500 internal_error",
        "refuse 429 rate_limit_exceeded",
        "refuse 401 access_token_invalid",
        "refuse 401 scope_not_authorized",
        "refuse 403 spam_risk_too_many_posts",
        "refuse 403 privacy_level_option_mismatch",
        "refuse 403 reached_active_user_cap",
        "refuse 400 invalid_params",
        "refuse 400 a_code_from_the_future",
    ]
)
verdicts = st.sampled_from(
    [
        "complete",
        "internal",
        "spam_risk_too_many_posts",
        "auth_removed",
        "frame_rate_check_failed",
        "a_word_from_the_future",
    ]
)
durations = st.sampled_from([timedelta(0), timedelta(seconds=30), timedelta(hours=3)])
pauses = st.sampled_from(
    [timedelta(seconds=seconds) for seconds in (1, 25, 61, 61, 150, 150, 1_800, 3_700, 90_000)]
)
api_answers = st.tuples(st.sampled_from(["creator_info", "init", "status", "token"]), _answers)
upload_answers = st.tuples(
    st.just("upload"),
    st.sampled_from(
        ["reset_before", "reset_after", "reset_after", "html_after", "html_after", "html"]
        + [f"refuse {status}" for status in (400, 403, 404, 416, 500)]
    ),
)

"""Which class of error each of TikTok's codes is (Protocol 2.8, 3, 5.4, 6, 8.7)."""

from tiktok import errors

_API: dict[str, type[errors.TikTokError]] = {
    "spam_risk_too_many_posts": errors.CreatorCapReached,
    "spam_risk_user_banned_from_posting": errors.Banned,
    "reached_active_user_cap": errors.AppCapReached,
    "spam_risk_too_many_pending_share": errors.DraftsPending,
    "unaudited_client_can_only_post_to_private_accounts": errors.AccountMustBePrivate,
    "url_ownership_unverified": errors.UrlNotVerified,
    "privacy_level_option_mismatch": errors.NeedsChoice,
    "invalid_param": errors.Rejected,  # what the pages print …
    "invalid_params": errors.Rejected,  # … and what the API answers
    "invalid_file_upload": errors.FileRejected,
    "app_version_check_failed": errors.AppTooOld,
    "invalid_publish_id": errors.UnknownPublishId,
    "token_not_authorized_for_specified_publish_id": errors.WrongAccount,
    "publish_not_cancellable": errors.NotCancellable,
    "scope_permission_missed": errors.MissingScope,
    "access_token_invalid": errors.TokenInvalid,
    "scope_not_authorized": errors.NeedsReconnect,
    "rate_limit_exceeded": errors.RateLimited,
    "internal_error": errors.ServerFault,
}

_OAUTH: dict[str, type[errors.TikTokError]] = {
    "access_denied": errors.AccessDenied,
    "invalid_client": errors.AppNotAccepted,
    "invalid_grant": errors.GrantInvalid,
    "invalid_request": errors.AppNotAccepted,
    "invalid_scope": errors.AppNotAccepted,
    "unauthorized_client": errors.AppNotAccepted,
    "unsupported_grant_type": errors.AppNotAccepted,
    "unsupported_response_type": errors.AppNotAccepted,
    "server_error": errors.ServerFault,
    "temporarily_unavailable": errors.ServerFault,
}

# Both vocabularies in one table: no word is in both, and a gateway may answer for either.
CLASS_BY_CODE = _API | _OAUTH


def error_for(
    code: str,
    *,
    http_status: int,
    message: str = "",
    log_id: str = "",
    retry_after: float | None = None,
) -> errors.TikTokError:
    """The error for `code`. One that we have never seen is judged by its HTTP status."""
    error_class = CLASS_BY_CODE.get(code) or _class_by_status(http_status)
    return error_class(
        _one_line(message),
        code=_one_line(code),
        log_id=_one_line(log_id),
        http_status=http_status,
        retry_after=retry_after,
    )


def error_without_code(
    message: str, *, http_status: int, retry_after: float | None = None
) -> errors.TikTokError:
    """The error for an answer that is not in TikTok's format, such as a gateway's page.

    It did not come from the API, so it says nothing about the post, whatever its status
    (Protocol 3: treat as 5xx). Only a 429 means the same from everybody.
    """
    error_class = errors.RateLimited if http_status == 429 else errors.ServerFault
    return error_class(message, http_status=http_status, retry_after=retry_after)


def _class_by_status(http_status: int) -> type[errors.TikTokError]:
    if http_status == 429:
        return errors.RateLimited
    if http_status >= 500:
        return errors.ServerFault
    return errors.Rejected


def _one_line(foreign: str) -> str:
    """A text that somebody else wrote, fit for one line of a log."""
    return " ".join(foreign.split())[:500]

"""Every setting that differs between machines is read here, and only here.

`.env.example` explains each variable. Each is also accepted as NAME_FILE, the path of a file
that holds the value. All mistakes are reported at once.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import EnvValidationError, FileAwareEnv, validate

from scheduler import environment
from scheduler.environment import (
    amazon_origin,
    database_from,
    is_loopback,
    origin_of,
    proof_files,
    redirect_address,
    web_address,
)
from tiktok.pull_rules import why_not_fetched

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
SANDBOX_ORIGIN = "http://127.0.0.1"

env = FileAwareEnv(eager=False, strip_whitespace=True)
env.read_env(BASE_DIR / ".env", recurse=False)
env.add_parser("web_address", web_address)
env.add_parser("redirect_address", redirect_address)
env.add_parser("proof_files", proof_files)
env.add_parser("database", database_from)

# Read. Until `seal` below, a bad value is None: only ask here, compute further down.

DEBUG = env.bool("DEBUG", default=False)
PORT = env.int("PORT", default=8000, validate=validate.Range(1, 65535))
SANDBOX_PORT = env.int("SANDBOX_PORT", default=8900, validate=validate.Range(1, 65535))
SITE_URL = env.web_address("SITE_URL", default=f"http://localhost:{PORT}")
BIND_HOST = env.str("BIND_HOST", default="")
WEB_PROCESSES = env.int("WEB_PROCESSES", default=1, validate=validate.Range(1, 64))
WEB_THREADS = env.int("WEB_THREADS", default=16, validate=validate.Range(1, 200))
SECRET_KEY = env.str("SECRET_KEY", default="")
TOKEN_ENCRYPTION_KEYS: list[str] = env.list("TOKEN_ENCRYPTION_KEYS", default=[])
DATABASE = env.database("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")
DATABASE_POOL = env.bool("DATABASE_POOL", default=False)
DATABASE_PREPARED = env.bool("DATABASE_PREPARED", default=True)
INSTALLATION_ID = env.str("INSTALLATION_ID", default="")
REDIS_URL = env.str("REDIS_URL", default="")
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0, validate=validate.Range(0, 10))
EMAIL = env.dj_email_url("EMAIL_URL", default="console:")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="")
SENTRY_DSN = env.str("SENTRY_DSN", default="")
LOG_LEVEL = env.str(
    "LOG_LEVEL", default="INFO", validate=validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR"])
)

ALGORITHM = env.str(
    "ALGORITHM", default="HS256", validate=validate.OneOf(["HS256", "HS384", "HS512"])
)
ACCESS_TOKEN_EXPIRE_MINUTES = env.int(
    "ACCESS_TOKEN_EXPIRE_MINUTES", default=30, validate=validate.Range(1, 60 * 24 * 30)
)

REGISTRATION = env.str(
    "REGISTRATION", default="", validate=validate.OneOf(["", "open", "invite", "closed"])
)
EMAIL_CONFIRMATION = env.bool("EMAIL_CONFIRMATION", default=None)

MEDIA_ROOT = env.path("MEDIA_ROOT", default=BASE_DIR / "uploads")
MEDIA_STORAGE = env.str("MEDIA_STORAGE", default="local", validate=validate.OneOf(["local", "s3"]))
UPLOAD_PART_MB = env.int("UPLOAD_PART_MB", default=8, validate=validate.Range(6, 100))
MEDIA_PUBLIC_URL = env.web_address("MEDIA_PUBLIC_URL", default="")
AWS_STORAGE_BUCKET_NAME = env.str("AWS_STORAGE_BUCKET_NAME", default="")
AWS_S3_ENDPOINT_URL = env.str("AWS_S3_ENDPOINT_URL", default="") or None
AWS_ACCESS_KEY_ID = env.str("AWS_ACCESS_KEY_ID", default="") or None
AWS_SECRET_ACCESS_KEY = env.str("AWS_SECRET_ACCESS_KEY", default="") or None
AWS_S3_REGION_NAME = env.str("AWS_S3_REGION_NAME", default="") or None

# Without a key of TikTok's there is nothing to publish to: the sandbox plays TikTok.
TIKTOK_CLIENT_KEY = env.str("TIKTOK_CLIENT_KEY", default="")
TIKTOK_CLIENT_SECRET = env.str("TIKTOK_CLIENT_SECRET", default="")
TIKTOK_REDIRECT_URI = env.redirect_address("TIKTOK_REDIRECT_URI", default="")
TIKTOK_API_URL = env.web_address("TIKTOK_API_URL", default="")
TIKTOK_AUTHORIZE_URL = env.str("TIKTOK_AUTHORIZE_URL", default="")
TIKTOK_SCOPES: list[str] = env.list(  # what the app may ask a creator for
    "TIKTOK_SCOPES",
    default=["user.info.basic", "user.info.profile", "video.upload", "video.publish"],
)
TIKTOK_PKCE = env.str(
    "TIKTOK_PKCE", default="auto", validate=validate.OneOf(["auto", "hex", "off"])
)
TIKTOK_APP_AUDITED = env.bool("TIKTOK_APP_AUDITED", default=None)
TIKTOK_VIDEO_SOURCE = env.str(
    "TIKTOK_VIDEO_SOURCE", default="upload", validate=validate.OneOf(["upload", "pull"])
)
TIKTOK_PROOF_FILES: dict[str, str] = env.proof_files("TIKTOK_PROOF_FILES", default="")
TIKTOK_WEBHOOK_WINDOW = env.int(  # seconds
    "TIKTOK_WEBHOOK_WINDOW", default=300, validate=validate.Range(min=1)
)
SANDBOX_STATE = env.path("SANDBOX_STATE", default=VAR_DIR / "sandbox")

PUBLISHING = env.bool("PUBLISHING", default=True)
LEASE_SECONDS = env.float("LEASE_SECONDS", default=60, validate=validate.Range(min=1))
PUBLISH_THREADS = env.int("PUBLISH_THREADS", default=20, validate=validate.Range(1, 200))
PUBLISH_PROCESSES = env.int("PUBLISH_PROCESSES", default=2, validate=validate.Range(1, 64))
LATE_LIMIT_MINUTES = env.int("LATE_LIMIT_MINUTES", default=60, validate=validate.Range(min=1))

# Report every mistake at once, also those that only two variables together can make.

mistakes: list[str] = []
try:
    env.seal()
except EnvValidationError as error:
    mistakes += [
        f"{name}: {' '.join(map(str, why))}"
        for name, why in cast(Mapping[str, list[str]], error.error_messages).items()
    ]
DEVELOPMENT = is_loopback(SITE_URL)
PRACTICE_MODE = not TIKTOK_CLIENT_KEY
if not SECRET_KEY and not DEVELOPMENT:
    mistakes.append("SECRET_KEY: required when SITE_URL is not on this machine")
if TIKTOK_CLIENT_KEY and not TIKTOK_CLIENT_SECRET:
    mistakes.append("TIKTOK_CLIENT_SECRET: required with TIKTOK_CLIENT_KEY")
if EMAIL is not None and "EMAIL_BACKEND" not in EMAIL:
    mistakes.append("EMAIL_URL: it must begin like smtp://, submission:// or console:")
if MEDIA_STORAGE == "s3" and not AWS_STORAGE_BUCKET_NAME:
    mistakes.append("AWS_STORAGE_BUCKET_NAME: required with MEDIA_STORAGE=s3")
tiktok_is_at = TIKTOK_API_URL or (SANDBOX_ORIGIN if PRACTICE_MODE else "https://tiktok.com")
why_not_pull = why_not_fetched(MEDIA_PUBLIC_URL or SITE_URL or "", by=tiktok_is_at)
if TIKTOK_VIDEO_SOURCE == "pull" and why_not_pull:
    mistakes.append(f"TIKTOK_VIDEO_SOURCE: pull does not work, since {why_not_pull}")
if mistakes:
    raise ImproperlyConfigured("These settings need your attention:\n  " + "\n  ".join(mistakes))

# Computed.

SECRET_KEY = SECRET_KEY or environment.kept_secret(VAR_DIR / "secret-key")
BIND_HOST = BIND_HOST or ("127.0.0.1" if DEVELOPMENT else "0.0.0.0")  # noqa: S104
INSTALLATION_ID = INSTALLATION_ID or environment.place_of(DATABASE, SITE_URL)
SANDBOX_URL = f"{SANDBOX_ORIGIN}:{SANDBOX_PORT}"
if PRACTICE_MODE:
    TIKTOK_CLIENT_KEY, TIKTOK_CLIENT_SECRET = "sandbox-key", "sandbox-secret"
    TIKTOK_API_URL = TIKTOK_API_URL or SANDBOX_URL
    TIKTOK_AUTHORIZE_URL = TIKTOK_AUTHORIZE_URL or f"{TIKTOK_API_URL}/v2/auth/authorize/"
TIKTOK_API_URL = TIKTOK_API_URL or "https://open.tiktokapis.com"
TIKTOK_AUTHORIZE_URL = TIKTOK_AUTHORIZE_URL or "https://www.tiktok.com/v2/auth/authorize/"
TIKTOK_REDIRECT_URI = TIKTOK_REDIRECT_URI or f"{SITE_URL}/api/v1/auth/tiktok/callback"
TIKTOK_SITE_URL = origin_of(TIKTOK_AUTHORIZE_URL)  # where people watch what was published
if TIKTOK_APP_AUDITED is None:
    TIKTOK_APP_AUDITED = PRACTICE_MODE  # the sandbox's app counts as audited
OPERATORS_NEED_TWO_FACTOR = not DEVELOPMENT
if EMAIL_CONFIRMATION is None:
    EMAIL_CONFIRMATION = not DEVELOPMENT
MEDIA_PUBLIC_URL = MEDIA_PUBLIC_URL or SITE_URL

# Django.

ROOT_URLCONF = "scheduler.urls"
WSGI_APPLICATION = "scheduler.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
APPEND_SLASH = True

INSTALLED_APPS = [
    "scheduler.apps.SchedulerConfig",
    "tiktok.apps.TikTokConfig",
    "posts.apps.PostsConfig",
    "accounts.apps.AccountsConfig",
    "scheduler.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "scheduler.apps.StaticConfig",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_q",
    "storages",
]

MIDDLEWARE = [
    "scheduler.logs.RequestIdMiddleware",
    "scheduler.api.shape.ApiShapeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # Private by default: a public view says @login_not_required.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.PersonMiddleware",
    "accounts.sessions.SessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "scheduler.context.house",
            ]
        },
    }
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Database and cache. Limits are shared by processes, so the cache never lives in one of them.

DATABASES = {"default": DATABASE}
if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    VAR_DIR.mkdir(exist_ok=True)
    DATABASE["OPTIONS"] = DATABASE.get("OPTIONS", {}) | {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,  # seconds to wait for another writer
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
elif DATABASE_POOL:
    # In the web process only: a pool does not survive the fork of a worker.
    # One for each thread, since an upload holds its connection to its end; the time in seconds.
    pool = {"min_size": 1, "max_size": WEB_THREADS, "timeout": 10}
    DATABASE["OPTIONS"] = DATABASE.get("OPTIONS", {}) | {"pool": pool}
else:
    DATABASE["CONN_MAX_AGE"] = 300  # seconds
    DATABASE["CONN_HEALTH_CHECKS"] = True
if DATABASE["ENGINE"] == "django.db.backends.postgresql":
    # Nobody waits for ever on a connection whose other end is gone; what the address says wins.
    options: dict[str, object] = {"connect_timeout": 10}  # seconds
    options |= {"keepalives_idle": 20, "keepalives_interval": 5, "keepalives_count": 3}  # seconds
    options |= {"tcp_user_timeout": 30_000}  # milliseconds
    if DATABASE_PREPARED:
        # The same questions come again and again: PostgreSQL plans each once, and keeps the plan.
        options |= {"server_side_binding": True, "prepare_threshold": 2}
    DATABASE["OPTIONS"] = options | DATABASE.get("OPTIONS", {})

CACHE: dict[str, object]
if REDIS_URL:
    CACHE = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
else:
    CACHE = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
    # So many that nobody can push a count of theirs out by making others.
    CACHE["OPTIONS"] = {"MAX_ENTRIES": 50_000}
CACHES = {"default": CACHE}

# Files.

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
# ninja brings the page of the API; as an app it would be loaded by every worker.
STATICFILES_DIRS = [BASE_DIR / "static", environment.folder_of("ninja") / "static"]
MEDIA_SIZE_LIMIT = 4_000_000_000  # bytes; what TikTok takes at the most
UPLOAD_PART_SIZE = UPLOAD_PART_MB * 1_000_000  # bytes; S3 stores take none below 5 MiB but the last
STORAGES = {
    "default": (
        {"BACKEND": "storages.backends.s3.S3Storage"}
        if MEDIA_STORAGE == "s3"
        else {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    ),
    "staticfiles": {"BACKEND": "scheduler.static.StaticStorage"},
}
WHITENOISE_USE_FINDERS = DEVELOPMENT  # so that `make run` needs no collectstatic
if DEVELOPMENT:
    STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns of a missing one
WHITENOISE_AUTOREFRESH = DEBUG
FILE_UPLOAD_HANDLERS = ["scheduler.uploads.NoFiles"]  # but where a view says otherwise
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # bytes of a form, its files not counted
AWS_DEFAULT_ACL = None
AWS_S3_FILE_OVERWRITE = False
AWS_S3_SIGNATURE_VERSION = "s3v4"  # of signed addresses: many stores know no other
# Amazon's own: signed addresses name the region, or a browser would be sent on to another host.
# A bucket with a dot in its name has no host of its own that a certificate fits.
if not AWS_S3_ENDPOINT_URL and "." not in AWS_STORAGE_BUCKET_NAME:
    AWS_S3_ADDRESSING_STYLE = "virtual"

# Django-Q2 only carries hints ("there is work"): the truth is in our own rows.

# How long a drain may live at the most: it retires at half of this, and hands over before Django-Q
# kills it. So long that an upload on a slow line is seldom cut. See posts/draining.py.
DRAIN_SECONDS = 3600

Q_CLUSTER = {
    "name": "scheduler",
    # One more than may drain, for a drain that retires, and one that always lets the canary by.
    "workers": PUBLISH_PROCESSES + 2,
    "timeout": DRAIN_SECONDS,
    "retry": DRAIN_SECONDS + 400,  # seconds; longer than `timeout`, or Django-Q warns
    "queue_limit": PUBLISH_PROCESSES + 2,
    "ack_failures": True,
    "max_attempts": 1,
    "save_limit": -1,
    "catch_up": False,
    "scheduler": False,
    "poll": 0.1,  # seconds
    "label": "Task queue",
} | ({"redis": REDIS_URL} if REDIS_URL else {"orm": "default"})

# People and security.

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "landing"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.BCryptSHA256PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if EMAIL_CONFIRMATION else "none"
# By a code, not a link: an address belongs to nobody before it is confirmed, so whoever has
# two-factor can change theirs too.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = EMAIL_CONFIRMATION
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = 3  # times
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = 3  # times
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(SITE_URL).scheme
# Besides allauth's own: mail to one address, by whomever it is asked for.
ACCOUNT_RATE_LIMITS = {
    "confirm_email": "1/10s/key,10/h/key",
    "reset_password": "20/m/ip,5/m/key,10/h/key",
}
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignupForm",
}
USERSESSIONS_ADAPTER = "accounts.sessions.SessionsAdapter"
USERSESSIONS_TRACK_ACTIVITY = True
SOCIALACCOUNT_ADAPTER = "accounts.adapters.SocialAccountAdapter"
# Log-in by TikTok, for accounts that a person has linked; the sandbox vouches for nobody.
SOCIALACCOUNT_PROVIDERS = (
    {}
    if PRACTICE_MODE
    else {"tiktok": {"APPS": [{"client_id": TIKTOK_CLIENT_KEY, "secret": TIKTOK_CLIENT_SECRET}]}}
)
MFA_ADAPTER = "accounts.two_factor.MFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.two_factor.AuthenticateForm",
    "add_webauthn": "accounts.passkeys.AddPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = not EMAIL_CONFIRMATION
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = (
    ["localhost", "127.0.0.1", "[::1]"] if DEVELOPMENT else [urlsplit(SITE_URL).hostname]
)
ALLOWED_HOSTS += [urlsplit(MEDIA_PUBLIC_URL).hostname]
CSRF_TRUSTED_ORIGINS = [origin_of(SITE_URL)]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30  # seconds
SECURE_SSL_REDIRECT = HTTPS and TRUSTED_PROXIES > 0
# TikTok follows no redirect when it fetches, not even one to https (Protocol 8.7).
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"(^|/)pulled/"]
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"

store_origins = []  # browsers send the parts of large files straight to the store
if MEDIA_STORAGE == "s3":
    store_origins += [
        origin_of(AWS_S3_ENDPOINT_URL)
        if AWS_S3_ENDPOINT_URL
        else amazon_origin(AWS_STORAGE_BUCKET_NAME, AWS_S3_REGION_NAME)
    ]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "font-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:", *store_origins],
        "media-src": ["'self'", "blob:", *store_origins],
        "connect-src": ["'self'", *store_origins],
        # The redirect to TikTok's consent page counts as the target of the connect form.
        "form-action": ["'self'", origin_of(TIKTOK_AUTHORIZE_URL)],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

# Mail, logs, errors.

MAIL_IS_PRINTED = EMAIL["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"
EMAIL_BACKEND = "scheduler.printed_mail.EmailBackend" if MAIL_IS_PRINTED else EMAIL["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL["EMAIL_HOST"]
EMAIL_PORT = EMAIL["EMAIL_PORT"]
EMAIL_HOST_USER = EMAIL["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = EMAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = EMAIL["EMAIL_USE_TLS"]
EMAIL_USE_SSL = EMAIL["EMAIL_USE_SSL"]
EMAIL_FILE_PATH = EMAIL["EMAIL_FILE_PATH"]
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = DEFAULT_FROM_EMAIL or f"scheduler@{urlsplit(SITE_URL).hostname}"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "context": {"()": "scheduler.logs.ContextFilter"},
        "secrets": {"()": "scheduler.logs.SecretFilter"},
    },
    "formatters": {
        "line": {
            "format": "%(asctime)s %(levelname)s %(name)s request=%(request_id)s "
            "publication=%(publication_id)s %(message)s"
        }
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["context", "secrets"],
            "formatter": "line",
        }
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": ["console"], "level": LOG_LEVEL, "propagate": False},
        "django-q": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}

if SENTRY_DSN:
    from scheduler import error_reports

    error_reports.send_to(SENTRY_DSN)

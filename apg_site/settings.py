"""The one settings file: what differs between installations is read from the environment (see the README's table)."""

import sys
from pathlib import Path

from apg_site import environment

BASE_DIR = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules

SECRET_KEY = environment.secret_key("SECRET_KEY", BASE_DIR / ".secret_key")
DEBUG = environment.boolean("DEBUG", False)
ALLOWED_HOSTS = environment.hosts("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
HTTPS = environment.boolean("HTTPS", False)
CSRF_TRUSTED_ORIGINS = environment.origins("CSRF_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "apg_site",
    "personas",
    "enrichment",
    "sources",
    "django.contrib.admin.apps.SimpleAdminConfig",  # its pages are found by urls.py: no command waits for them
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_countries",
    "django_htmx",
    "django_q",
    "csp",
    "axes",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "apg_site.urls"
WSGI_APPLICATION = "apg_site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
            ]
        },
    }
]

DATABASES = {"default": environment.database("DATABASE_URL", "sqlite:///db.sqlite3")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["NAME"] = BASE_DIR / str(DATABASES["default"]["NAME"])

# Shared by every process: the queue's state would be invisible to the pages otherwise.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "apg_cache"}}

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one is slow by intention
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = environment.integer("LOGIN_FAILURES", 10, minimum=1)
AXES_COOLOFF_TIME = 1  # hours
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLED = not TESTING
AXES_VERBOSE = False

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
COUNTRIES_OVERRIDE = {"XK": "Kosovo"}  # used by every platform, not yet in ISO 3166

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True  # so that no collectstatic stands between a clone and its pages
MEDIA_ROOT = BASE_DIR / environment.text("MEDIA_ROOT", "media")
# Media is never served by path: a view that knows the organization hands it out.
MEDIA_URL = ""
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
UPLOAD_MAX_BYTES = environment.integer("UPLOAD_MAX_MEGABYTES", 1024, minimum=1) * 2**20

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # Bootstrap draws its small icons as data addresses
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

# Our runs keep a lease of their own and are never delivered twice: the queue's clocks stand far above the longest run.
RUN_LEASE_SECONDS = environment.integer("RUN_LEASE_SECONDS", 60, minimum=2)
RUN_TIMEOUT_SECONDS = environment.integer("RUN_TIMEOUT_SECONDS", 4 * 3600, minimum=10)
AFTER_ESTIMATES = "personas.telling_estimates.tell_estimates"  # called with the organization that they came for
WORKER_CANARY_SECONDS = environment.integer("WORKER_CANARY_SECONDS", 15, minimum=1)
WORKER_SWEEP_SECONDS = environment.integer("WORKER_SWEEP_SECONDS", 5, minimum=1)
Q_CLUSTER = {
    "name": "apg",
    "label": "Queue",
    "orm": "default",
    "workers": environment.integer("WORKERS", 2, minimum=1),
    "timeout": RUN_TIMEOUT_SECONDS + 600,
    "retry": RUN_TIMEOUT_SECONDS + 1200,
    "max_attempts": 1,
    "ack_failures": True,
    "catch_up": False,
    "bulk": 1,
    "recycle": 20,
    "max_rss": 1_000_000,  # kilobytes
    "poll": 0.5,
    "guard_cycle": 1,
    "save_limit": 1000,
    "cache": "default",
}

# Tokens of connected accounts are encrypted with the first key, and read with any of them.
TOKEN_KEYS = environment.fernet_keys("TOKEN_KEYS", BASE_DIR / ".token_key")
# Our own accounts with the platforms: without them nobody can connect there, and the pages say so.
GOOGLE_CLIENT_ID = environment.text("GOOGLE_CLIENT_ID", "")
GOOGLE_CLIENT_SECRET = environment.text("GOOGLE_CLIENT_SECRET", "")
YOUTUBE_API_KEY = environment.text("YOUTUBE_API_KEY", "")  # reads public comments without asking for a right to write
META_APP_ID = environment.text("META_APP_ID", "")
META_APP_SECRET = environment.text("META_APP_SECRET", "")
PLATFORM_ADDRESSES = environment.addresses(
    "PLATFORM_ADDRESSES",
    {
        "google_consent": "https://accounts.google.com/o/oauth2/v2/auth",
        "google_token": "https://oauth2.googleapis.com/token",
        "google_revoke": "https://oauth2.googleapis.com/revoke",
        "youtube": "https://youtube.googleapis.com",
        "youtube_analytics": "https://youtubeanalytics.googleapis.com",
        "youtube_reporting": "https://youtubereporting.googleapis.com",
        "analytics_data": "https://analyticsdata.googleapis.com",
        "analytics_admin": "https://analyticsadmin.googleapis.com",
        "meta_consent": "https://www.facebook.com/v26.0/dialog/oauth",
        "graph": "https://graph.facebook.com/v26.0",
    },
)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["sources.api.authentication.OrganizationTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["sources.api.permissions.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "sources.api.pages.Pages",
    "DEFAULT_FILTER_BACKENDS": ["sources.api.filters.NamedFilters"],
    "EXCEPTION_HANDLER": "sources.api.errors.answer",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["sources.api.throttles.TokenThrottle"],
    "DEFAULT_THROTTLE_RATES": {"token": environment.rate("API_RATE", "600/min")},
    "DEFAULT_VERSIONING_CLASS": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "APG",
    "DESCRIPTION": (
        "Personas from the interactions of an audience with an organization's content.\n\n"
        "Send a key of your organization with every call: `Authorization: Bearer apg_…`. An administrator makes keys "
        "in the admin, or with `manage.py create_api_token`. Addresses end with a slash. Uploads and generations "
        "are queued: the answer's `Location` says where to follow them."
    ),
    "VERSION": "1.0.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "sources.api.schema.document_refusals",
    ],
    "ENUM_NAME_OVERRIDES": {
        "StateEnum": "sources.runs.Run.State",
        "ModeEnum": "sources.models.Collection.Mode",
        "MethodEnum": "personas.models.Generation.Method",
        "UnitEnum": "personas.models.Generation.Unit",
        "PersonaStateEnum": "personas.api.over_time_serializers.STATES",
        "SourceKindEnum": "sources.models.DataSource.Kind",
        "NoteKindEnum": "personas.models.Note.Kind",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # A page that somebody may not see is answered with words; the log is for what we have to mend.
    # What speaks to the platforms would tell whole addresses, bodies and tokens to whoever wants to hear everything.
    "loggers": {"django.request": {"level": "ERROR"}}
    | {name: {"level": "INFO"} for name in ("urllib3", "requests_oauthlib", "oauthlib", "google")},
    "root": {"handlers": ["console"], "level": environment.choice("LOG_LEVEL", "WARNING", environment.LOG_LEVELS)},
}

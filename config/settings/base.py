"""What every installation shares. What differs between machines comes from the environment (README, "Settings")."""

from datetime import timedelta
from pathlib import Path

import environ

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()

SECRET_KEY = env("SECRET_KEY")
DEBUG = False
DEMO = False
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "config.audit",
    "config.staff",
    "patients",
    "scheduling",
    "infusions",
    "notifications",
    "config.http",
    "config.web",
    "config.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "knox",
    "simple_history",
    "pgtrigger",
    "phonenumber_field",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django_structlog",
]

# A scanned paper is held in memory while it comes in: it is never written beside the database in passing.
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# How many proxies of ours a request passes. Each adds the address that it saw to X-Forwarded-For; what stands before
# those anybody may have written. With 0 the header is not believed at all.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
IPWARE_META_PRECEDENCE_ORDER = ("REMOTE_ADDR",)

MIDDLEWARE = [
    "config.http.middleware.ClientAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "config.http.middleware.OneEncodingMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "config.http.middleware.ClinicTimeMiddleware",
    "config.http.middleware.NoStoreMiddleware",
    "config.api.refusals.RefusalMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.web.shell.shell",
            ],
        },
    }
]

DATABASES = {
    "default": {
        **env.db("DATABASE_URL"),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
}
DATABASES["default"].setdefault("OPTIONS", {}).update(
    {"options": "-c timezone=UTC -c idle_in_transaction_session_timeout=60000", "connect_timeout": 5}
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "desk",
        # A lost Redis must not stop the desk: limits open, pages go on.
        "OPTIONS": {"IGNORE_EXCEPTIONS": True, "SOCKET_CONNECT_TIMEOUT": 1, "SOCKET_TIMEOUT": 1},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

AUTH_USER_MODEL = "staff.User"
# The user name is unique in any letter case, by the constraint `user_name_once`; the check looks for unique=True alone.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["config.staff.backend.StaffBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "config.staff.adapter.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
USERSESSIONS_TRACK_ACTIVITY = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "config.http.access.TokenAuth",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["config.http.access.GrantedByTable"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.http.parsing.Json"],
    "DEFAULT_PAGINATION_CLASS": "config.http.paging.NewestFirst",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.api.refusals.problem",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "3000/min", "public-form": "10/min", "visit-link": "120/min"},
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
REST_KNOX = {"AUTH_HEADER_PREFIX": "Token", "TOKEN_TTL": timedelta(days=env.int("TOKEN_DAYS", default=90))}
SPECTACULAR_SETTINGS = {
    "TITLE": "Infusion Desk",
    "VERSION": "1",
    "DESCRIPTION": "Scheduling, visit records and reminders of an outpatient infusion clinic.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # Left out, the page asks a foreign host whether the schema is valid.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "config.api.schema.by_value_alone",
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.api.schema.with_shapes_that_overlap",
        "config.api.schema.with_refusals",
    ],
    # How clients call the sets of values.
    "ENUM_NAME_OVERRIDES": {
        "AdministrationKind": "config.api.enums.ADMINISTRATION_KIND",
        "AdverseEventType": "config.api.enums.ADVERSE_EVENT_TYPE",
        "AllergyState": "config.api.enums.ALLERGY_STATE",
        "AnswerSource": "config.api.enums.ANSWER_SOURCE",
        "AppointmentStatus": "config.api.enums.APPOINTMENT_STATUS",
        "CancelledHow": "config.api.enums.CANCELLED_HOW",
        "CancelScope": "config.api.enums.CANCEL_SCOPE",
        "CandidacyOutcome": "config.api.enums.CANDIDACY_OUTCOME",
        "ChairKind": "config.api.enums.CHAIR_KIND",
        "ChairPurpose": "config.api.enums.CHAIR_PURPOSE",
        "ConsentEnded": "config.api.enums.CONSENT_ENDED",
        "ContactPurpose": "config.api.enums.CONTACT_PURPOSE",
        "ContactWay": "config.api.enums.CONTACT_WAY",
        "CountMoment": "config.api.enums.COUNT_MOMENT",
        "ExceptionKind": "config.api.enums.EXCEPTION_KIND",
        "FollowUpDue": "config.api.enums.FOLLOW_UP_DUE",
        "FollowUpRole": "config.api.enums.FOLLOW_UP_ROLE",
        "DocumentMediaType": "config.api.enums.DOCUMENT_MEDIA_TYPE",
        "FitVerdict": "config.api.enums.FIT_VERDICT",
        "LinkAnswer": "config.api.enums.LINK_ANSWER",
        "MessageChannel": "config.api.enums.MESSAGE_CHANNEL",
        "MessageLanguage": "config.api.enums.MESSAGE_LANGUAGE",
        "MessagePurpose": "config.api.enums.MESSAGE_PURPOSE",
        "MessageReply": "config.api.enums.MESSAGE_REPLY",
        "MessageState": "config.api.enums.MESSAGE_STATE",
        "NumberKind": "config.api.enums.NUMBER_KIND",
        "NumberScope": "config.api.enums.NUMBER_SCOPE",
        "NeedPart": "config.api.enums.NEED_PART",
        "NeedWhat": "config.api.enums.NEED_WHAT",
        "OfferAnswer": "config.api.enums.OFFER_ANSWER",
        "OfferHow": "config.api.enums.OFFER_HOW",
        "OfferReply": "config.api.enums.OFFER_REPLY",
        "OrderStatus": "config.api.enums.ORDER_STATUS",
        "QuestionnaireKind": "config.api.enums.QUESTIONNAIRE_KIND",
        "RegistrationKind": "config.api.enums.REGISTRATION_KIND",
        "RequestSource": "config.api.enums.REQUEST_SOURCE",
        "ReadinessFound": "config.api.enums.READINESS_FOUND",
        "RequestStatus": "config.api.enums.REQUEST_STATUS",
        "Role": "config.api.enums.ROLE",
        "SubstanceLogKind": "config.api.enums.SUBSTANCE_LOG_KIND",
        "ShippedMeasure": "config.api.enums.SHIPPED_MEASURE",
        "OrderStatusOrDraft": "config.api.enums.ORDER_STATUS_OR_DRAFT",
        "PainCondition": "config.api.enums.PAIN_CONDITION",
        "Sex": "config.api.enums.SEX",
        "TaskKind": "config.api.enums.TASK_KIND",
        "VisitKind": "config.api.enums.VISIT_KIND",
        "VitalsPhase": "config.api.enums.VITALS_PHASE",
        "WaitlistClosed": "config.api.enums.WAITLIST_CLOSED",
    },
}

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 100
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# The doorbell may be broken: a page then waits no longer than this for it.
CELERY_TASK_PUBLISH_RETRY = False

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="clinic@example.com")
# The address by which the world reaches the desk: the provider of texts signs what it sends there, and the links in
# reminders begin with it.
PUBLIC_URL = env("PUBLIC_URL", default="")
# Another name for each installation: a copy of the database server's files does not send under another one.
INSTALLATION_ID = env("INSTALLATION_ID", default="")
SMS_CHANNEL = env("SMS_CHANNEL", default="notifications.channels.file.FileSms")
EMAIL_CHANNEL = env("EMAIL_CHANNEL", default="notifications.channels.smtp.SmtpEmail")
# For notifications.channels.anymail: ANYMAIL_POSTMARK_SERVER_TOKEN of the environment is POSTMARK_SERVER_TOKEN there.
ANYMAIL_PROVIDER = env("ANYMAIL_PROVIDER", default="")
ANYMAIL = {name.removeprefix("ANYMAIL_"): value for name, value in env.ENVIRON.items() if name.startswith("ANYMAIL_")}
OUTBOX_DIR = DATA_DIR / "outbox"

PHONENUMBER_DEFAULT_REGION = env("PHONE_REGION", default="US")
PHONENUMBER_DEFAULT_FORMAT = "NATIONAL"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# A message of the log is an event name and ids; never a person's data, so there is no filter to forget.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"one-line": {"()": "config.http.logs.OneLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "one-line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
}

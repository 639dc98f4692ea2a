"""Django's settings: wiring only. What the operator decides comes from `config.environment`."""

from urllib.parse import urlsplit

import bootstrap_wrapper
import django_stubs_ext
from django.contrib import messages
from django.utils.translation import gettext_lazy as _

from config import databases, environment
from lib import logs

django_stubs_ext.monkeypatch()

ENV = environment.read_or_end()

ROOT = environment.ROOT
SECRET_KEY = ENV.secret_key
IDENTITY_KEY = ENV.identity_key
DEBUG = ENV.debug
LOCAL = ENV.local
ALLOWED_HOSTS = ENV.allowed_hosts
SITE_URL = ENV.site_url
SITE_NAME = ENV.site_name
OPERATOR_NAME = ENV.operator_name
CONTACT_EMAIL = ENV.contact_email
TRUSTED_PROXY_COUNT = ENV.trusted_proxy_count
STAFF_MFA_REQUIRED = ENV.staff_mfa_required
DATA_DIR = ENV.data_dir

# ------------------------------------------------------------------ rooms
INSTALLED_APPS = [
    "petitions",
    "signatures",
    "accounts",
    "outbox",
    "lib",
    "config.apps.DjangoAdmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.forms",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
]

# The order was tried: public pages leave with neither a cookie nor a Vary header (docs/decisions/0005).
MIDDLEWARE = [
    "lib.web.request_log.RequestLog",
    "lib.web.outage.Outage",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lib.web.headers.ConstantHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lib.web.language.LanguageByUrl",
    "django.middleware.common.CommonMiddleware",
    "lib.web.forgery.TrustedVisitors",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.Authentication",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.AtomicAccountPages",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lib.web.site.site",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --------------------------------------------------------------- database
DATABASES = {"default": databases.options(ENV.database, pooled=ENV.database_pooled)}
if ENV.replica:
    DATABASES["replica"] = databases.replica_options(ENV.replica, pooled=ENV.database_pooled)
    DATABASE_ROUTERS = ["lib.replica.Router"]

# ------------------------------------------------ cache: nothing in it that can't be lost
CACHES = {
    "default": {
        "BACKEND": "lib.softcache.SoftRedisCache",
        "LOCATION": ENV.redis_url,
        "KEY_PREFIX": f"hundred{ENV.queue_prefix}",
        "OPTIONS": {"socket_timeout": 0.3, "socket_connect_timeout": 0.3},
    },
}
# What a process itself keeps of public pages (lib.web.pagecache).
PAGE_CACHE_SECONDS = ENV.page_cache_seconds
# `cached_db` answers 500 to everybody who is signed in when the cache is away.
SESSION_ENGINE = "accounts.sessions"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
MESSAGE_TAGS = {messages.ERROR: "bad", messages.SUCCESS: "good", messages.WARNING: "warn"}

# ---------------------------------------------------------------- security
SECURE_SITE = urlsplit(SITE_URL).scheme == "https"
SECURE_SSL_REDIRECT = SECURE_SITE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SITE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_SITE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SITE
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "petitions.views.faults.csrf_failure"
X_FRAME_OPTIONS = "DENY"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# ---------------------------------------------------------------- accounts
AUTH_USER_MODEL = "accounts.User"
# allauth's does all that Django's own does; with both, a wrong password was hashed twice.
AUTHENTICATION_BACKENDS = ["accounts.backend.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "petitions:mine"
ACCOUNT_ADAPTER = "accounts.adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
# allauth's own form loses the password when signing up needs none; members may set one later.
ACCOUNT_FORMS = {"login": "accounts.forms.LoginForm", "signup": "accounts.forms.SignupForm"}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # some mailboxes let a stranger's first mail wait for minutes
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "petitions:home"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
# One step of 30 s either way: telephones’ clocks drift.
MFA_TOTP_TOLERANCE = 1
USERSESSIONS_TRACK_ACTIVITY = False

# -------------------------------------------------------------------- mail
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.default_from_email
EMAIL_TIMEOUT = 10
MAIL_DIR = DATA_DIR / "mail"
MAIL_STAYS_HERE = ENV.email is None
if ENV.email is None:
    EMAIL_BACKEND = "outbox.filebackend.FolderBackend"
else:
    vars().update(ENV.email)
    EMAIL_BACKEND = "outbox.smtp.SmtpBackend"

# -------------------------------------------------------------- moderation
MODERATION_AMBER_HOURS, MODERATION_OVERDUE_HOURS = ENV.moderation_amber_hours, ENV.moderation_overdue_hours
RESUBMISSIONS_MAX, OBJECTION_DAYS = ENV.resubmissions_max, ENV.objection_days

# --------------------------------------------------------------- languages
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
USE_I18N = USE_TZ = USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "UTC"
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]

# ------------------------------------------------------------------ static
STATIC_URL = "/static/"
# On a laptop files are served as they lie; a deployment collects them under names that never change.
STATIC_ROOT = None if LOCAL else ENV.static_root
STATICFILES_DIRS = [ROOT / "static", ("bootstrap", bootstrap_wrapper.get_bootstrap_dir())]
WHITENOISE_USE_FINDERS = LOCAL
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}

LOGGING = logs.configuration(level=ENV.log_level, plain=LOCAL)
SILENCED_SYSTEM_CHECKS: list[str] = []

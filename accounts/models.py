"""A person with an account: an address that is the log-in, and how they want to be spoken to."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

LONGEST_NAME = 80


class UserQuerySet(models.QuerySet["User"]):
    """Questions about people."""

    def active(self) -> "UserQuerySet":
        """Return those who may sign in."""
        return self.filter(is_active=True)

    def staff(self) -> "UserQuerySet":
        """Return those who may open the admin."""
        return self.active().filter(is_staff=True)

    def never_used(self) -> "UserQuerySet":
        """Return those who signed up, never proved an address and never signed in."""
        return self.filter(last_login=None, is_staff=False).exclude(emailaddress__verified=True)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)["User"]):  # type: ignore[misc]
    """Makes people; the address is kept as typed but for the case of its domain."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a person; without a password they sign in by e-mailed code."""
        user: User = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make an administrator."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who has proven an address; the display name is theirs to choose and may be empty."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=LONGEST_NAME, blank=True)
    language = models.CharField(_("language"), max_length=10, default=settings.LANGUAGE_CODE)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may open the admin"), default=False)
    date_joined = models.DateTimeField(_("joined"), db_default=Now(), editable=False)

    objects = UserManager()

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        # Every few minutes the beat looks for whom to tell what waits.
        indexes = [models.Index("id", condition=Q(is_staff=True), name="user_staff")]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_in_any_case"),
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """The chosen name, or what stands before the @ for someone who chose none; for their own eyes and staff's."""
        return self.name or self.email.partition("@")[0]

    def get_full_name(self) -> str:
        """Return the shown name, for Django's admin."""
        return self.shown_name

    def get_short_name(self) -> str:
        """Return the shown name, for Django's admin."""
        return self.shown_name

"""The pages of an account that are not allauth's."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import came_back
from accounts.forms import ProfileForm
from accounts.models import User
from lib.web.public import private_page


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Lead to the profile."""
    return redirect("accounts:profile")


@require_http_methods(["GET", "HEAD", "POST"])
@private_page
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change name, language and time zone."""
    person = cast(User, request.user)
    # The form works on a row of its own: a refused name must not appear in the page's header.
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=person.pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your profile is saved."))
        return redirect("accounts:profile")
    context = {"form": form, "came_back": came_back.addresses_of(person)}
    return render(request, "accounts/profile.html", context)


@require_safe
@private_page
def corner(request: HttpRequest) -> HttpResponse:
    """Return the header's corner: who is signed in, or the way to do so. Without a session it asks nobody."""
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    user = request.user if has_session else AnonymousUser()
    htmx = getattr(request, "htmx", None)
    context = {
        "user": user,
        "is_moderator": user.is_staff,
        "next_url": htmx.current_url_abs_path if htmx else None,
    }
    return render(request, "accounts/corner.html", context)

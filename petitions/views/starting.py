"""Starting a petition: everybody may write, who is signed in may keep it, and nothing that was typed is lost."""

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from lib.text import clean_text
from lib.web.forgery import is_sent_by_our_page
from lib.web.public import PRIVATE, private_page
from petitions import markdown, typed
from petitions.forms import DraftForm
from petitions.guards import found_among
from petitions.models import LONGEST_BODY, Petition
from petitions.services import drafting
from petitions.services.drafting import Changed
from petitions.states import NotAllowed
from petitions.views import rooms


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Show the form; keep a draft for a member, and for a visitor what was typed until they have signed in."""
    if request.method != "POST":
        return _page(request, _fresh_form(request))
    if request.POST.get("action") == "discard":
        typed.forget(request, typed.START)
        return redirect("petitions:start")
    form = DraftForm(request.POST, person=request.user)
    if not form.is_valid():
        return _page(request, form, status=422)
    if request.user.is_authenticated:
        return _keep_draft(request, request.user, form)
    return _keep_words(request, form)


@private_page
@require_POST
def text_preview(request: HttpRequest) -> HttpResponse:
    """Return a text as the petition's page will show it; nothing is kept."""
    body = clean_text(request.POST.get("body", ""))
    return render(
        request, "petitions/_text_look.html", {"text": shown(body), "too_long": len(body) > LONGEST_BODY}
    )


def shown(body: str) -> SafeString:
    """Return a text as HTML, cut off where a petition's text has to end."""
    return markdown.to_html(body[:LONGEST_BODY])


def form_again(request: HttpRequest) -> HttpResponse | None:
    """Return the form with what was typed for a POST whose CSRF token was not good; None for other pages.

    Only where the browser itself says that this site's own page sent it: another one may not fill in our form.
    """
    match = request.resolver_match
    if match is None or not is_sent_by_our_page(request):
        return None
    page = None
    if match.view_name == "petitions:start":
        page = _page(request, _form_as_sent(request), status=403, unsure=True)
    elif match.view_name == "petitions:edit" and request.user.is_authenticated:
        page = _edit_again(request, request.user, match.kwargs["slug"])
    if page:
        page["Cache-Control"] = PRIVATE
    return page


def _fresh_form(request: HttpRequest) -> DraftForm:
    return DraftForm(person=request.user, typed=typed.kept(request, typed.START))


def _form_as_sent(request: HttpRequest, petition: Petition | None = None) -> DraftForm:
    words = typed.words_in(request.POST.dict())
    return DraftForm(person=request.user, petition=petition, typed=words)


def _edit_again(request: HttpRequest, person: User, slug: str) -> HttpResponse | None:
    try:
        petition = found_among(person, slug)
    except Http404:
        return None
    return rooms.edit_page(request, petition, _form_as_sent(request, petition), status=403, unsure=True)


def _keep_words(request: HttpRequest, form: DraftForm) -> HttpResponse:
    """Show a visitor the text where that was asked; else hold the words and ask to sign in."""
    if request.POST.get("action") == "preview":
        return _page(request, form, text=shown(form.cleaned_data["body"]))
    typed.keep(request, typed.START, form.typed())
    return redirect_to_login(request.get_full_path())


def _keep_draft(request: HttpRequest, person: User, form: DraftForm) -> HttpResponse:
    key = form.cleaned_data["request_key"]
    try:
        petition = drafting.start(starter=person, draft=form.draft(), request_key=key)
    except Changed as conflict:
        return rooms.ask_which_words(request, conflict.petition, form)
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, status=422)
    typed.forget(request, typed.START)
    return rooms.to_next_step(request, petition)


def _page(request: HttpRequest, form: DraftForm, *, status: int = 200, **context: object) -> HttpResponse:
    held = bool(typed.kept(request, typed.START))
    return render(
        request,
        "petitions/start.html",
        {"form": form, "held": held, "nav": "start", **context},
        status=status,
    )

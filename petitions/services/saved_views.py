"""Lists that somebody keeps under a name of their own."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from lib.text import clean_line
from petitions.models import LONGEST_QUERY, LONGEST_VIEW_NAME, SavedView
from petitions.states import NotAllowed

# More would not be a bar of shortcuts any more.
AT_MOST = 20


@transaction.atomic
def save(*, person: User, name: str, query: str) -> SavedView:
    """Keep this list for this person."""
    name = clean_line(name)
    if sentence := _obstacle(person, name, query):
        raise NotAllowed(sentence)
    try:
        with transaction.atomic():
            return SavedView.objects.create(person=person, name=name, query=query)
    except IntegrityError as taken:
        raise NotAllowed(
            _("You have a view called “%(name)s” already. Choose another name.") % {"name": name}
        ) from taken


def forget(*, person: User, pk: int) -> SavedView | None:
    """Delete one of this person's views and return what it was; nobody deletes another's."""
    view = SavedView.objects.filter(person=person, pk=pk).first()
    if view:
        SavedView.objects.filter(pk=pk).delete()
    return view


def _obstacle(person: User, name: str, query: str) -> str:
    if not name:
        return _("Give the view a name.")
    if len(name) > LONGEST_VIEW_NAME:
        return _("A name may have at most %(limit)d characters; this one has %(count)d.") % {
            "limit": LONGEST_VIEW_NAME,
            "count": len(name),
        }
    if not query or len(query) > LONGEST_QUERY:
        return _("Choose a filter first; then the view can be saved.")
    if person.saved_views.count() >= AT_MOST:
        text = ngettext(
            "You have %(count)d view. Delete it before you save another.",
            "You have %(count)d views. Delete one before you save another.",
            AT_MOST,
        )
        return text % {"count": AT_MOST}
    return ""

"""Lists can be put into the orders that an index has, and no others."""

import pytest

from petitions.models import Edit
from petitions.services import editing, objecting
from petitions.services.drafting import draft_of
from petitions.states import State
from tests.petitions.filling import soup_of

DESK = "/admin/petitions/"
WHY = "The reason does not fit: we ask one office for one thing."
# What each list is ordered by where a column of it is chosen, beside the number of the row.
ORDERS = {
    "petition/": {"signature_count": "tally__signatures"},
    "petition/?state=submitted": {"waits": "submitted_at"},
    "objection/": {},
    "objection/?waits=yes": {"waits": "made_at"},
    "edit/": {},
    "edit/?waits=yes": {"waits": "proposed_at"},
    "transition/": {"at": "at"},
}


@pytest.fixture
def full(make_petition, alice) -> Edit:
    """A line for each list."""
    make_petition(State.SUBMITTED)
    objecting.object_to(petition=make_petition(State.REJECTED), author=alice, text=WHY)
    petition = make_petition()
    draft = draft_of(petition)
    return editing.propose(
        petition=petition, starter=alice, draft=draft.__class__(**{**vars(draft), "title": "New"})
    )


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("where", ORDERS)
def test_the_heads_of_columns_offer_them(bobs, where):
    heads = soup_of(bobs.get(DESK + where)).select("#result_list th.sortable")
    names = {name for head in heads for name in head["class"] if name.startswith("column-")}
    assert names == {f"column-{name}" for name in ORDERS[where]}


@pytest.mark.parametrize("where", ORDERS)
@pytest.mark.parametrize("direction", ["", "-"])
def test_the_address_orders_by_nothing_else(bobs, where, direction):
    columns = bobs.get(DESK + where).context["cl"].list_display
    for number, column in enumerate(columns):
        address = f"{DESK}{where}{'&' if '?' in where else '?'}o={direction}{number}"
        order = bobs.get(address).context["cl"].queryset.query.order_by
        assert {each.lstrip("-") for each in order} <= {*ORDERS[where].values(), "pk"}
        if column in ORDERS[where]:
            assert order[0] == f"{direction}{ORDERS[where][column]}"

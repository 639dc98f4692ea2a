"""What administrators did to a petition: found without a look at all that the admin's log holds."""

from django.db import connection

from petitions.services import recording


def test_it_is_found_by_an_index(make_petition, admin_person):
    petition = make_petition()
    recording.record(petition=petition, by=admin_person, what="Changed Topic: Parks → Schools.")
    assert [each.change_message for each in recording.recorded(petition)] == [
        "Changed Topic: Parks → Schools."
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "log_by_row" in recording.recorded(petition).explain()

"""Many at the same instant are one: one mailbox, one account, one row."""

from collections import Counter

from accounts.models import User
from outbox.models import Message
from signatures.models import Signature, State
from signatures.services.caps import PER_PETITION
from tests.petitions.racing import committed
from tests.signatures.counts import breaches, only, shown
from tests.signatures.races.processes import Job

ONE_MAILBOX = [
    "carol@gmail.com",
    "Carol@GMail.com",
    "c.a.r.o.l@gmail.com",
    "carol+petition@gmail.com",
    "CAROL@googlemail.com",
    "ca.rol+1@googlemail.com",
]
ONE_FOREIGN_MAILBOX = ["carol@bücher.example", "Carol@BÜCHER.example", "carol@xn--bcher-kva.example"]


@committed
def test_64_requests_of_one_mailbox_are_one_row_and_few_mails(crew, petition):
    for spellings in (ONE_MAILBOX, ONE_FOREIGN_MAILBOX):
        typed = [spellings[number % len(spellings)] for number in range(64)]
        results = crew.run([Job("ask", {"petition": petition.pk, "email": email}) for email in typed])
        assert Counter(results) == {True: 64}
    assert Signature.objects.filter(petition=petition, state=State.PENDING).count() == 2
    assert Message.objects.filter(kind="confirm-signature").count() == 2 * PER_PETITION


@committed
def test_64_clicks_of_one_member_are_one(crew, petition, people):
    (person,) = people(1)
    results = crew.run([Job("sign", {"petitions": [petition.pk], "people": [person]}) for _ in range(64)])
    assert Counter(outcome for (outcome,) in results) == {"signed": 1, "already": 63}
    assert (shown(petition), only(petition).user_id) == (1, person)


@committed
def test_the_link_and_the_click_at_once_are_one(crew, petition, people, ask):
    (person,) = people(1)
    ask(User.objects.get(pk=person).email)
    signature = only(petition)
    clicks = [Job("sign", {"petitions": [petition.pk], "people": [person]}) for _ in range(16)]
    links = [Job("confirm", {"signature": signature.pk}) for _ in range(16)]
    results = [result if isinstance(result, str) else result[0] for result in crew.run(clicks + links)]
    assert Counter(results) == {"signed": 1, "already": 31}
    assert shown(petition) == 1


@committed
def test_a_new_person_who_confirms_everywhere_at_once_is_one_account(crew, make_petition, ask):
    petitions = [make_petition(title=f"Plant tree number {number}") for number in range(5)]
    for petition in petitions:
        ask("dora@example.org", petition=petition)
    links = [Job("confirm", {"signature": only(petition).pk}) for petition in petitions for _ in range(4)]
    assert Counter(crew.run(links)) == {"signed": 5, "already": 15}
    assert User.objects.filter(email="dora@example.org").count() == 1
    assert {shown(petition) for petition in petitions} == {1}
    assert breaches() == {}

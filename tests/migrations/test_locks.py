"""Migrations run while people sign: none rewrites, scans or locks a big table so that they would have to wait."""

import pytest

from tests.migrations.trial import blocks, copies_what_it_holds, run

# What nobody should have to wait for; the full run has a million signatures.
LONGEST_WAIT = 2.0


def test_every_later_migration_lets_people_sign_and_read():
    tried = run(2_000)
    assert len(tried) > 5
    assert [each for each in tried if each.faults] == []
    assert [each for each in tried if max(each.longest_wait, each.longest_read) > LONGEST_WAIT] == []
    assert tried[-1].migration == "and back to the first"


@pytest.mark.parametrize(
    "statement",
    [
        'CREATE INDEX "held" ON "signatures_signature" ("asked_at")',
        'CREATE UNIQUE INDEX "once" ON "outbox_message" ("dedupe_key")',
        'ALTER TABLE "signatures_signature" ADD CONSTRAINT "known" CHECK ("state" IN (\'a\'))',
        'ALTER TABLE "accounts_user" ALTER COLUMN "name" SET NOT NULL',
        'UPDATE "signatures_signature" SET "state" = \'confirmed\'',
        "UPDATE petitions_tally t SET first_goal = p.first_goal FROM petitions_petition p WHERE p.id = t.petition_id",
    ],
)
def test_a_statement_that_makes_people_wait_is_seen(statement):
    assert blocks(statement)


@pytest.mark.parametrize(
    "statement",
    [
        'CREATE INDEX CONCURRENTLY "held" ON "signatures_signature" ("asked_at")',
        'ALTER TABLE "signatures_signature" ADD CONSTRAINT "known" CHECK ("state" IN (\'a\')) NOT VALID',
        'ALTER TABLE "signatures_signature" VALIDATE CONSTRAINT "known"',
        "WITH batch AS (SELECT petition_id FROM petitions_tally LIMIT 9), done AS (UPDATE petitions_tally t SET first_goal = 1"
        " FROM batch WHERE t.petition_id = batch.petition_id) SELECT max(petition_id) FROM batch",
        'CREATE INDEX "small" ON "petitions_topic" ("slug")',
        'ALTER TABLE "petitions_note" ADD CONSTRAINT "fk" FOREIGN KEY ("author_id") REFERENCES "accounts_user" ("id")',
    ],
)
def test_a_statement_that_does_not_is_let_pass(statement):
    assert not blocks(statement)


def test_reading_all_of_a_table_that_is_locked_is_seen():
    alter = 'ALTER TABLE "petitions_searchentry" ADD COLUMN "signatures" integer DEFAULT 0 NOT NULL'
    learn = "\nCREATE TRIGGER words_learnt AFTER INSERT ON petitions_searchentry\n  FOR EACH STATEMENT EXECUTE FUNCTION f()"
    copy = "\nINSERT INTO petitions_titleword (word)\nSELECT title FROM petitions_searchentry ON CONFLICT DO NOTHING"
    assert copies_what_it_holds([alter, copy]) == copies_what_it_holds([learn, copy]) == [copy]
    assert copies_what_it_holds([copy, alter]) == copies_what_it_holds([copy]) == []
    assert copies_what_it_holds([alter, f"{copy} LIMIT 9"]) == []

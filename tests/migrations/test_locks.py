"""Migrations run while people sign: none rewrites, scans or locks a big table so that they would have to wait."""

import pytest

from tests.migrations.trial import blocks, run

# What nobody should have to wait for; the full run has a million signatures.
LONGEST_WAIT = 2.0


def test_every_later_migration_lets_people_sign():
    tried = run(2_000)
    assert len(tried) > 5
    assert [each for each in tried if each.faults] == []
    assert [each for each in tried if each.longest_wait > LONGEST_WAIT] == []
    assert tried[-1].migration == "and back to the first"


@pytest.mark.parametrize(
    "statement",
    [
        'CREATE INDEX "held" ON "signatures_signature" ("asked_at")',
        'CREATE UNIQUE INDEX "once" ON "outbox_message" ("dedupe_key")',
        'ALTER TABLE "signatures_signature" ADD CONSTRAINT "known" CHECK ("state" IN (\'a\'))',
        'ALTER TABLE "accounts_user" ALTER COLUMN "name" SET NOT NULL',
        'UPDATE "signatures_signature" SET "state" = \'confirmed\'',
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
        'CREATE INDEX "small" ON "petitions_topic" ("slug")',
        'ALTER TABLE "petitions_note" ADD CONSTRAINT "fk" FOREIGN KEY ("author_id") REFERENCES "accounts_user" ("id")',
    ],
)
def test_a_statement_that_does_not_is_let_pass(statement):
    assert not blocks(statement)

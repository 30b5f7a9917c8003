CREATE SCHEMA shared;

-- The packages that the node has made for its children, and which records each child has by them.
CREATE TABLE hub.shares_out (
    child VARCHAR NOT NULL, number BIGINT NOT NULL, from_seq BIGINT NOT NULL, to_seq BIGINT NOT NULL, sha256 VARCHAR NOT NULL,
    acknowledged BOOLEAN NOT NULL
);
CREATE TABLE hub.shared_with (child VARCHAR NOT NULL, dataset VARCHAR NOT NULL, origin VARCHAR NOT NULL, key UBIGINT NOT NULL);

-- The parent's packages that were applied, written in the transaction that applied them.
CREATE TABLE hub.shares_in (
    parent VARCHAR NOT NULL, number BIGINT NOT NULL, sha256 VARCHAR NOT NULL, seq BIGINT NOT NULL, records BIGINT NOT NULL
);

-- Own golden records of which a change of a shared record decides anew whether they go down: when, and which.
CREATE TABLE hub.stirred (dataset VARCHAR NOT NULL, key UBIGINT NOT NULL, seq BIGINT NOT NULL);

-- The parent's corrections as they stand: said so since package `since`, and last by package `last`.
CREATE TABLE hub.corrections (
    dataset VARCHAR NOT NULL, origin VARCHAR NOT NULL, licence VARCHAR NOT NULL, claim VARCHAR NOT NULL, source VARCHAR NOT NULL,
    key VARCHAR NOT NULL, field VARCHAR NOT NULL, theirs VARCHAR, ours VARCHAR NOT NULL, their_trust VARCHAR,
    given_node VARCHAR NOT NULL, given_source VARCHAR NOT NULL, given_trust VARCHAR, reason VARCHAR NOT NULL,
    why_zh VARCHAR NOT NULL, why_en VARCHAR NOT NULL, since BIGINT NOT NULL, last BIGINT NOT NULL
);

CREATE SCHEMA held;
CREATE SCHEMA parked;
CREATE SCHEMA golden;
CREATE SCHEMA hub;

-- What was applied, written in the transaction that applied it: an effect happens once.
CREATE TABLE hub.batches (
    batch VARCHAR NOT NULL, source VARCHAR NOT NULL, dataset VARCHAR NOT NULL, file VARCHAR NOT NULL, seq BIGINT NOT NULL,
    read BIGINT NOT NULL, accepted BIGINT NOT NULL, rejected BIGINT NOT NULL, duplicate BIGINT NOT NULL,
    parked BIGINT NOT NULL, repaired BIGINT NOT NULL
);

-- Parked rows that were let in by a later merge: the receipt of their batch has a sequel.
CREATE TABLE hub.releases (seq BIGINT NOT NULL, batch VARCHAR NOT NULL, accepted BIGINT NOT NULL, duplicate BIGINT NOT NULL);

-- The last change number that was given out.
CREATE TABLE hub.clock (seq BIGINT NOT NULL);
INSERT INTO hub.clock VALUES (0);

-- Live records and the sum of their content digests, kept up with every change.
CREATE TABLE hub.digests (
    relation VARCHAR NOT NULL, origin VARCHAR NOT NULL, dataset VARCHAR NOT NULL, bucket UTINYINT NOT NULL,
    records BIGINT NOT NULL, digest HUGEINT NOT NULL
);

CREATE TABLE hub.packages_out (
    number BIGINT NOT NULL, from_seq BIGINT NOT NULL, to_seq BIGINT NOT NULL, sha256 VARCHAR NOT NULL, acknowledged BOOLEAN NOT NULL
);

CREATE TABLE hub.packages_in (
    child VARCHAR NOT NULL, number BIGINT NOT NULL, sha256 VARCHAR NOT NULL, seq BIGINT NOT NULL, records BIGINT NOT NULL
);

-- What each child said it held when it sealed the last package that was applied.
CREATE TABLE hub.child_totals (
    child VARCHAR NOT NULL, origin VARCHAR NOT NULL, dataset VARCHAR NOT NULL, records BIGINT NOT NULL, digest HUGEINT NOT NULL
);

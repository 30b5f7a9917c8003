"""The same set through Splink: cleaned columns, several blocking rules, parameters learnt without labels.

The model is made as its users would make one who know the subject: columns are cleaned in SQL first, codes are brought
to the part that all their forms share, bodies go through the table of lineage, and the type is part of every blocking
rule. Parameters and threshold are learnt or set without labels; `EQUAL_NUMBERS` was added after a look at the labels
of a development set, because it serves Splink better.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.internals.blocking_rule_creator import BlockingRuleCreator

from benchmarks.matching.labelled_set import LabelledSet

THRESHOLD = 0.95
"""The match probability from which pairs are joined."""
EQUAL_NUMBERS = (block_on("type", "number"), block_on("identifier"))
"""Candidates are claims of one number, or of one identifier: mistyped numbers are lost."""
NEAR_NUMBERS = (
    *EQUAL_NUMBERS,
    block_on("type", "holder", "issued"),
    block_on("type", "holder_name", "issued"),
    block_on("type", "issuer_name", "issued"),
)
"""Candidates are also claims of one day and holder or issuer, whatever their number."""
_WIDE = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
_NARROW = "".join(chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F))
_CLEAN = f"""
CREATE MACRO narrow(x) AS upper(translate(x, '{_WIDE}', '{_NARROW.replace("'", "''")}'));
CREATE MACRO clean(x) AS nullif(regexp_replace(narrow(x), '^编号|^NO\\.|[第号]|[^0-9A-Z\\p{{Han}}]', '', 'g'), '');
CREATE MACRO core(x) AS CASE
  WHEN x ~ '[0-9]{{17}}[0-9X]' THEN x[1:6] || x[9:17]
  WHEN length(x) = 18 THEN x[9:17]
  WHEN length(x) < 5 THEN NULL
  ELSE x END;
"""
_TABLE = """
CREATE TABLE claims AS
WITH registered AS (
  SELECT code AS registration, any_value(uscc) AS uscc FROM read_csv(?, all_varchar = true) GROUP BY ALL
),
follows AS (SELECT code AS old_code, successor AS new_code FROM read_csv(?, all_varchar = true)),
written AS (
  SELECT row_guid AS unique_id, certificate_type_code AS type, clean(certificate_number) AS number,
    nullif(regexp_replace(certificate_source_id, '\\.\\d{3}\\.[0-9A-Z]$', ''), '') AS identifier,
    clean(issue_dept) AS issuer_name, clean(issue_dept_code) AS issuer, replace(clean(certificate_holder),
    '有限责任公司', '有限公司') AS holder_name, clean(certificate_holder_code) AS holder,
    issue_date::DATE AS issued, valid_to, certificate_area_code[1:4] AS area
  FROM read_parquet(?)
)
SELECT w.* EXCLUDE (issuer, holder), core(coalesce(f2.new_code, f1.new_code, w.issuer)) AS issuer,
  core(coalesce(r.uscc, w.holder)) AS holder
FROM written w LEFT JOIN follows f1 ON w.issuer = f1.old_code LEFT JOIN follows f2 ON f1.new_code = f2.old_code
  LEFT JOIN registered r ON w.holder = r.registration
"""


def by_splink(made: LabelledSet, answer: Path, candidates: Sequence[BlockingRuleCreator]) -> None:
    """Splink's clusters of a set, as an answer, with the pairs that the rules of `candidates` let in."""
    with duckdb.connect() as connection:
        connection.execute(_CLEAN)
        connection.execute(_TABLE, [str(made.registrations), str(made.lineage), str(made.licences)])
        claims = DuckDBAPI(connection).register(connection.table("claims"))
        linker = Linker(claims, _settings(candidates), log_level=logging.ERROR)
        _train(linker)
        pairs = linker.inference.predict(threshold_match_probability=THRESHOLD)
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, THRESHOLD)
        connection.execute(
            "COPY (SELECT unique_id AS row_guid, cluster_id AS licence_id, NULL::VARCHAR AS ask_group "
            f"FROM {clusters.physical_name}) TO '{answer}' (FORMAT parquet)"
        )


def _settings(candidates: Sequence[BlockingRuleCreator]) -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=list(candidates),
        comparisons=[
            cl.DamerauLevenshteinAtThresholds("number", [1, 2]),
            cl.ExactMatch("identifier"),
            cl.ExactMatch("holder").configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("holder_name", [0.92, 0.8]).configure(term_frequency_adjustments=True),
            cl.CustomComparison(
                output_column_name="issuer",
                comparison_levels=[
                    cll.Or(cll.NullLevel("issuer_name"), cll.NullLevel("area")),
                    cll.Or(cll.ExactMatchLevel("issuer"), cll.ExactMatchLevel("issuer_name")),
                    cll.JaroWinklerLevel("issuer_name", 0.9),
                    cll.ExactMatchLevel("area"),
                    cll.ElseLevel(),
                ],
            ),
            cl.AbsoluteDateDifferenceAtThresholds(
                "issued", input_is_string=False, metrics=["day", "day"], thresholds=[1, 31]
            ),
            cl.ExactMatch("valid_to"),
        ],
        max_iterations=25,
    )


def _train(linker: Linker) -> None:
    """Without labels: u from random pairs, m by expectation maximisation over three blockings."""
    linker.training.estimate_probability_two_random_records_match(
        [block_on("identifier"), block_on("type", "number", "holder")], recall=0.9
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (block_on("type", "number"), block_on("type", "holder", "issued"), block_on("identifier")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule, record_sample_proportion=1.0)

"""From located rows to people, samples, usual levels and rejects: what a row is only together with other rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leukon.read.interned import Dictionary, is_number
from leukon.read.persons import OLDEST_S
from leukon.read.raw import NO_PERSON, NO_TEST, NO_VALUE
from leukon.read.timecolumn import EXACTS
from leukon.tables import PEOPLE, REJECTS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection

    from leukon.read.relation import Load


def people(load: Load) -> None:
    """`people`, and in `door_people` two marks of each: born after all dated results, birth hidden on purpose."""
    told = (
        ("nullif(p.sex, 'unknown')", "sex"),
        ("nullif(p.pregnancy, 'unknown')", "pregnancy"),
        ("nullif(p.duffy, 'unknown')", "duffy"),
        ("p.birth_low_s", "birth_low_s"),
        ("p.birth_high_s", "birth_high_s"),
        ("CASE WHEN p.birth_low_s IS NOT NULL THEN p.birth_exact END", "birth_exact"),
        ("p.death_s", "death_s"),
    )
    last = f"max(CASE WHEN NOT {load.ref('relative')} THEN {load.ref('last_s')} END)::BIGINT"
    over = load.readings.options.deidentified_age_over is not None
    load.con.execute(
        f"""
        CREATE OR REPLACE TABLE door_people AS
        WITH said AS (
            SELECT d.person_no, min(d.row) AS first, {last if load.has("birth_date") else "NULL::BIGINT"} AS last,
                {", ".join(f"min({sql}) AS {name}_a, max({sql}) AS {name}_b" for sql, name in told)}
            FROM door_located AS d JOIN door_person AS p ON p.id = {load.ref("person")}
            WHERE d.refused IS NULL GROUP BY d.person_no
        ),
        agreed AS (
            SELECT *, birth_low_s_a = birth_low_s_b AND birth_high_s_a = birth_high_s_b
                AND birth_exact_a = birth_exact_b AS born
            FROM said
        ),
        marked AS (
            SELECT *, coalesce(born AND birth_low_s_a > last, false) AS impossible,
                {over} AND coalesce(born AND last - birth_high_s_a >= {OLDEST_S}, false) AS hidden
            FROM agreed
        )
        SELECT row_number() OVER (ORDER BY first) AS subject, s.subject_id,
            coalesce(CASE WHEN sex_a = sex_b THEN sex_a END, 'unknown') AS sex,
            coalesce(CASE WHEN pregnancy_a = pregnancy_b THEN pregnancy_a END, 'unknown') AS pregnancy,
            coalesce(CASE WHEN duffy_a = duffy_b THEN duffy_a END, 'unknown') AS duffy,
            CASE WHEN born AND NOT hidden THEN birth_low_s_a END AS birth_low_s,
            CASE WHEN born AND NOT hidden THEN birth_high_s_a END AS birth_high_s,
            CASE WHEN born AND NOT hidden THEN birth_exact_a ELSE 0 END AS birth_exact,
            CASE WHEN death_s_a = death_s_b THEN death_s_a END AS death_s,
            impossible, hidden, m.person_no
        FROM marked AS m JOIN door_subject AS s ON s.id = m.person_no
        """
    )
    load.con.execute(
        f"CREATE OR REPLACE TABLE people AS SELECT {', '.join(PEOPLE.names)} FROM door_people ORDER BY subject"
    )


def samples(load: Load) -> None:
    """`door_rows`: the rows that are results, with subject and sample (named by its first row)."""
    by_id, by_row = "sample_id" in load.columns, "sample_row" in load.columns
    how = f"CASE WHEN {load.ref('precision')} IN ({EXACTS}) THEN 1"
    how = (f"CASE WHEN d.sample_id IS NOT NULL THEN 0 {how[5:]}" if by_id else how) + (
        " WHEN d.sample_row IS NOT NULL THEN 2" if by_row else ""
    )
    how = f"{how} ELSE 3 + {load.ref('precision')} END"
    mark = "NULL::VARCHAR"
    if by_id or by_row:
        mark = f"CASE {how} WHEN 0 THEN {load.ref('sample_id')} WHEN 2 THEN {load.ref('sample_row')} END"
    keys = {"person_no": "d.person_no", "how": how, "mark": mark}
    keys["time"] = f"CASE WHEN {how} NOT IN (0, 2) THEN {load.ref('collected_s')} END"
    chosen = ", ".join(f"{sql} AS {name}" for name, sql in keys.items())
    load.con.execute(
        f"CREATE OR REPLACE TABLE door_sample AS SELECT {chosen},"
        " min(d.row) AS sample FROM door_located AS d WHERE d.refused IS NULL GROUP BY ALL"
    )
    same = " AND ".join(
        f"k.{name} IS NOT DISTINCT FROM {sql}" for name, sql in keys.items() if sql != mark or by_id or by_row
    )
    kept = [name for name in load.order if name not in ("person_no", "refused", "sample_id", "sample_row")]
    load.con.execute(
        f"CREATE OR REPLACE TABLE door_rows AS SELECT {', '.join('d.' + name for name in kept)}, p.subject::INTEGER AS"
        " subject, k.sample, CASE WHEN k.how < 3 THEN 1 ELSE 0 END::TINYINT AS sample_exact"
        f" FROM door_located AS d JOIN door_people AS p ON p.person_no = d.person_no"
        f" JOIN door_sample AS k ON {same} WHERE d.refused IS NULL"
    )
    load.con.execute("DROP TABLE door_sample")


def usual(load: Load) -> None:
    """`usual`: the lowest usual level that a person's rows state, by analyte."""
    columns = "subject BIGINT, analyte VARCHAR, low BIGINT"
    load.con.execute(f"CREATE OR REPLACE TABLE usual ({columns})")
    if not load.has("usual_low"):
        return
    keys = {"test_id": load.test.id, "usual_low": "r.usual_low", "unit": "r.unit"}
    source = f"FROM {load.raw} AS r {load.test.join} WHERE {load.cell('usual_low')} IS NOT NULL"
    levels = Dictionary(load.con, "door_usual", keys, source, lambda key: key == "test_id" or load.has(key))
    typed = is_number(load.types["usual_low"])

    def level(_: int, cells: tuple[str | None, ...]) -> tuple[str | None, int | None]:
        test = load.tests[int(cells[0] or 0)]
        read = load.readings.value(cells[1], None, cells[2], test, typed)
        return test.analyte, read.low if read.quantity == "count" else None

    levels.read("analyte VARCHAR, low BIGINT", level)
    load.con.execute(
        f"INSERT INTO usual SELECT d.subject, u.analyte, min(u.low) FROM {load.raw} AS r {load.test.join} {levels.join}"
        f" JOIN door_usual AS u ON u.id = {levels.id} JOIN door_rows AS d ON d.row = r.row"
        " WHERE u.low IS NOT NULL GROUP BY d.subject, u.analyte ORDER BY d.subject, u.analyte"
    )


def rejects(load: Load) -> None:
    """Appends to `rejects` the rows that are no results, in their order; `door_located` is then done with."""
    create_rejects(load.con)
    test = f"coalesce({load.cell('test')}, {load.cell('mapped_test')})"
    load.con.execute(
        f"""
        INSERT INTO rejects
        SELECT r.input, r.line,
            CASE d.refused WHEN 'SUBJECT_MISSING' THEN 'subject_id' WHEN 'TEST_MISSING' THEN 'test' ELSE 'value' END,
            d.refused,
            CASE d.refused WHEN 'SUBJECT_MISSING' THEN '{NO_PERSON}' WHEN 'TEST_MISSING' THEN '{NO_TEST}'
                ELSE '{NO_VALUE} ' || {test} END
        FROM door_located AS d JOIN {load.raw} AS r ON r.row = d.row WHERE d.refused IS NOT NULL ORDER BY d.row
        """
    )
    load.con.execute("DROP TABLE door_located")


def create_rejects(con: Connection) -> None:
    """An empty table `rejects`, unless there is one."""
    columns = ", ".join(f"{c.name} {'BIGINT' if c.kind == 'int' else 'VARCHAR'}" for c in REJECTS.columns)
    con.execute(f"CREATE TABLE IF NOT EXISTS rejects ({columns})")

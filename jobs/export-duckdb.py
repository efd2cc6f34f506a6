"""Reads exports of several mirrors as one, writes Parquet, and compares with the mirrors; see jobs/export-duckdb."""

import os
import sqlite3
import sys
import time
from decimal import Decimal

import duckdb

lake, parquet, *mirrors = sys.argv[1:]
os.makedirs(parquet, exist_ok=True)
start = time.monotonic()

# Lines are taken as text: DuckDB's JSON reader would print numbers anew (891.60 as 891.6). No string inside JSON can hold
# a bare quote, so the first `,"record":` is the member.
duckdb.sql(f"""
    CREATE VIEW lines AS SELECT json::VARCHAR AS line, position(',"record":' IN json::VARCHAR) AS cut
    FROM read_json_objects('{lake}/*.ndjson', format='newline_delimited')""")
duckdb.sql("""
    CREATE VIEW feed AS
    SELECT head->>'$.platform' AS platform, head->>'$.connection' AS connection, head->>'$.resource' AS resource,
           head->>'$.id' AS id, head->>'$.change' AS change, head->>'$.changed_run' AS changed_run,
           CAST(head->>'$.deleted_at' AS TIMESTAMP) AS deleted_at,
           CAST(head->>'$.created_at' AS TIMESTAMP) AS created_at,
           CAST(head->>'$.updated_at' AS TIMESTAMP) AS updated_at, record
    FROM (SELECT substr(line, 1, cut - 1) || '}' AS head, substr(line, cut + 10, length(line) - cut - 10) AS record
          FROM lines)""")
# A record's last change is what it is now.
duckdb.sql("""
    CREATE TABLE newest AS SELECT * FROM feed
    QUALIFY row_number() OVER (PARTITION BY platform, resource, connection, id ORDER BY changed_run DESC) = 1""")
duckdb.sql(f"""
    COPY (SELECT connection, id, created_at, updated_at, deleted_at, record->>'$.currency' AS currency,
                 CAST(record->>'$.current_total_price' AS DECIMAL(18, 2)) AS total, record
          FROM newest WHERE platform = 'shopline' AND resource = 'orders' ORDER BY connection, created_at)
    TO '{parquet}/orders.parquet' (FORMAT parquet, COMPRESSION zstd)""")
lines = duckdb.sql("SELECT count(*) FROM feed").fetchall()[0][0]
seconds = time.monotonic() - start

found = duckdb.sql(f"""
    SELECT connection, count(*), count(deleted_at), sum(total) FILTER (deleted_at IS NULL)
    FROM '{parquet}/orders.parquet' GROUP BY connection ORDER BY connection""").fetchall()

expected = []
records = {}
for path in mirrors:
    mirror = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    for connection, rows, deleted in mirror.execute(
            "SELECT connection, count(*), count(deleted_at) FROM shopline_orders GROUP BY connection"):
        prices = mirror.execute(
            "SELECT current_total_price FROM shopline_orders WHERE connection = ? AND deleted_at IS NULL", [connection])
        expected.append((connection, rows, deleted, sum(Decimal(price) for price, in prices)))
    for connection, key, payload in mirror.execute("SELECT connection, id, payload FROM shopline_orders"):
        records[connection, key] = payload

if found != sorted(expected):
    sys.exit(f"they differ:\n{found}\n{sorted(expected)}")
kept = duckdb.sql(f"SELECT connection, id, record FROM '{parquet}/orders.parquet'").fetchall()
if {(connection, key): record for connection, key, record in kept} != records:
    sys.exit("a record's text is not the mirror's")

print(f"DuckDB {duckdb.__version__}: {lines} lines of {len(mirrors)} mirrors read and written in {seconds:.1f} s")
for connection, rows, deleted, total in found:
    print(f"{connection:10} {rows:6} orders, {deleted:4} of them deleted, sum {total}")
print(f"{sum(row[1] for row in found)} orders, sum {sum(row[3] for row in found)}: as in the mirrors, every record byte for byte")
print(f"{parquet}/orders.parquet: {os.path.getsize(parquet + '/orders.parquet')} bytes")

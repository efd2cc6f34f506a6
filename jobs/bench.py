"""The measuring part of jobs/bench; see there."""

import argparse
import json
import os
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request

GOODS_PAGE = 1000
MEBIBYTE = 1 << 20


class Sample:
    """What one process cost: seconds, seconds of CPU, bytes at its peak."""

    def __init__(self, wall, cpu, memory):
        self.wall, self.cpu, self.memory = wall, cpu, memory

    def __add__(self, other):
        return Sample(self.wall + other.wall, self.cpu + other.cpu, max(self.memory, other.memory))


def measure(command, folder, weighs=True, codes=(0,)):
    """Runs a command to its end. Weighing puts GNU time in between, because a child starts with its parent's peak."""
    note = os.path.join(folder, "peak")
    words = ["/usr/bin/time", "-f", "%M", "-o", note] + command if weighs else command
    with open(os.path.join(folder, "output"), "wb") as output:
        start = time.perf_counter()
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=folder)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in codes:
        with open(os.path.join(folder, "output")) as output:
            sys.exit(f"{command[0]} ended with {process.returncode}: {output.read()[-2000:]}")
    memory = 0
    if weighs:
        with open(note) as text:
            memory = int(text.read().split()[-1]) * 1024
    return Sample(wall, usage.ru_utime + usage.ru_stime, memory)


def median(samples):
    return Sample(*(statistics.median(getattr(s, name) for s in samples) for name in ("wall", "cpu", "memory")))


def ratio(samples, others, name="wall"):
    """The median of each round's own ratio: a machine's pace drifts, and the two of a round ran one right after the other."""
    return statistics.median(getattr(a, name) / getattr(b, name) for a, b in zip(samples, others))


class Shops:
    """The sandbox, and a folder with a config that points at it."""

    def __init__(self, bench, name, *options):
        self.folder = os.path.join(bench.folder, name)
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        self.program = bench.program
        port = os.path.join(self.folder, "port")
        self.process = subprocess.Popen(
            [bench.sandbox, "--port", "0", "--port-file", port, *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        bench.started.append(self.process)
        while not os.path.exists(port):
            if self.process.poll() is not None:
                sys.exit("the sandbox ended at once")
            time.sleep(0.05)
        with open(port) as text:
            self.url = f"http://127.0.0.1:{text.read()}"

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def configure(self, *connections, run=""):
        storage = '[storage]\nmirror = "data/mirror.db"\nvault = "private/vault.db"\nreports = "data/reports"\n'
        path = os.path.join(self.folder, "config.toml")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as config:
            config.write(storage + run + "".join(connections))

    def shopline(self, number, resource="orders", limit=None):
        handle = f"open{number:03}"
        text = (
            f'[connections.shop{number:03}]\nplatform = "shopline"\nbase_url = "{self.url}/{handle}"\n'
            f'handle = "{handle}"\naccess_token = "SL-STATIC-{handle}"\nrequests_per_second = 0\n'
            f'resources = ["{resource}"]\n')
        return text + (f"[connections.shop{number:03}.{resource}]\nlimit = {limit}\n" if limit else "")

    def next_engine(self, number, resource, fields=()):
        suffix = "" if number == 1 else f"-{number}"
        text = (
            f'[connections.company{number}]\nplatform = "next-engine"\nbase_url = "{self.url}"\n'
            f'client_id = "sandbox-client"\nclient_secret = "sandbox-secret"\nuid = "U-77{suffix}"\n'
            f'access_token = "NE-ACCESS-1{suffix}"\nrefresh_token = "NE-REFRESH-1{suffix}"\n'
            f'requests_per_second = 0\nresources = ["{resource}"]\n')
        if fields:
            names = ", ".join(f'"{name}"' for name in fields)
            text += f"[connections.company{number}.{resource}]\nfields = [{names}]\n"
        return text

    def sync(self, *options, weighs=True):
        command = [self.program, "sync", "--config", "config.toml", *options]
        return measure(command, self.folder, weighs=weighs)

    def forget_mirror(self):
        shutil.rmtree(os.path.join(self.folder, "data"), ignore_errors=True)

    @property
    def report(self):
        with open(os.path.join(self.folder, "data/reports/latest.json")) as text:
            return json.load(text)

    @property
    def records(self):
        return self.report["totals"]["records"]

    def mirror(self, sql):
        database = sqlite3.connect(f"file:{self.folder}/data/mirror.db?mode=ro", uri=True)
        try:
            return database.execute(sql).fetchone()[0]
        finally:
            database.close()

    def token(self, connection):
        database = sqlite3.connect(f"file:{self.folder}/private/vault.db?mode=ro", uri=True)
        try:
            return database.execute(
                "SELECT access_token, refresh_token FROM tokens WHERE connection=?", [connection]).fetchone()
        finally:
            database.close()

    def control(self, operation):
        request = urllib.request.Request(f"{self.url}/sandbox/control", json.dumps(operation).encode())
        with urllib.request.urlopen(request) as answer:
            if b'"ok":true' not in answer.read():
                sys.exit(f"the sandbox refused {operation}")

    @property
    def server_seconds(self):
        with open(f"/proc/{self.process.pid}/stat") as text:
            words = text.read().rsplit(")", 1)[1].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


class Floor:
    """The same pages with curl, over one connection, and then the sqlite3 shell."""

    def __init__(self, shops, requests, member, key):
        self.folder = os.path.join(shops.folder, "floor")
        self.requests = requests
        os.makedirs(self.folder, exist_ok=True)
        lines = ["silent", "show-error", "fail", "compressed"]
        script = ["PRAGMA page_size=4096;", "CREATE TABLE records(id TEXT PRIMARY KEY, payload TEXT NOT NULL);", "BEGIN;"]
        for number, (url, headers, data) in enumerate(requests):
            page = f"page-{number}.json"
            lines += ["next", "silent", "show-error", "fail", "compressed"] if number else []
            lines += [f'url = "{url}"', f'output = "{page}"'] + [f'header = "{header}"' for header in headers]
            lines += [f'data = "{data}"'] if data else []
            script.append(
                f"INSERT OR REPLACE INTO records SELECT value->>'$.{key}', value"
                f" FROM json_each(readfile('{page}'), '$.{member}');")
        for name, text in (("curl.cfg", lines), ("insert.sql", script + ["COMMIT;"])):
            with open(os.open(f"{self.folder}/{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write("\n".join(text) + "\n")

    def fetch(self):
        return measure(["curl", "-K", "curl.cfg"], self.folder)

    def run(self, count):
        self.forget("floor.db")
        sample = self.fetch() + measure(["sqlite3", "floor.db", ".read insert.sql"], self.folder)
        self.expect(count, "floor.db", "records")
        return sample

    def plain(self, program, count, *members):
        """The same with the program of jobs/bench-plain.c."""
        lines = [f"\t{header}" for header in self.requests[0][1]] + [f"{url}\t{data or ''}" for url, _, data in self.requests]
        with open(os.open(f"{self.folder}/requests", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write("\n".join(lines) + "\n")
        self.forget("plain.db", "plain.db-wal", "plain.db-shm")
        os.sync()
        sample = measure([program, "plain.db", "requests", *members], self.folder)
        self.expect(count, "plain.db", "data")
        return sample

    def forget(self, *names):
        for name in names:
            path = os.path.join(self.folder, name)
            if os.path.exists(path):
                os.unlink(path)

    def expect(self, count, name, table):
        database = sqlite3.connect(os.path.join(self.folder, name))
        stored = database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        database.close()
        if stored != count:
            sys.exit(f"{name} has {stored} records instead of {count}")


class LogSize(threading.Thread):
    """Watches how large the mirror's write-ahead log gets."""

    def __init__(self, shops):
        super().__init__(daemon=True)
        self.path = os.path.join(shops.folder, "data/mirror.db-wal")
        self.largest = 0
        self.ended = threading.Event()
        self.start()

    def run(self):
        while not self.ended.wait(0.01):
            try:
                self.largest = max(self.largest, os.stat(self.path).st_size)
            except FileNotFoundError:
                pass

    def end(self):
        self.ended.set()
        self.join()
        return self.largest


class Bench:
    def __init__(self, arguments):
        self.folder = arguments.folder
        self.program = os.path.join(arguments.programs, "shopmirror")
        self.sandbox = os.path.join(arguments.programs, "shopmirror-sandbox")
        self.runs = arguments.runs
        self.lines = arguments.lines
        self.rows = []
        self.missed = []
        self.started = []
        os.makedirs(self.folder, exist_ok=True)
        self.plain = os.path.join(self.folder, "plain")

    def row(self, name, sample, records=None, floor=None, targets=()):
        """Targets are what, the figure, the limit and the form; a figure below the limit is better unless it is negative."""
        verdicts = []
        for what, figure, limit, form in targets:
            if limit is None:
                verdicts.append(f"{what} {form.format(figure)}")
                continue
            met = figure <= limit if limit >= 0 else figure >= -limit
            sign = "<=" if limit >= 0 else ">="
            verdicts.append(f"{what} {form.format(figure)} {sign} {form.format(abs(limit))} {'met' if met else 'MISSED'}")
            if not met:
                self.missed.append(f"{name.split()[0]} {verdicts[-1]}")
        self.rows.append({
            "workload": name, "wall": sample.wall, "cpu": sample.cpu, "memory": sample.memory,
            "records_per_second": records / sample.wall if records else None,
            "floor_wall": floor.wall if floor else None, "floor_cpu": floor.cpu if floor else None,
            "targets": verdicts})

    # The workloads

    def orders(self, wanted):
        """A, C and D share the shop and the mirror."""
        shops = Shops(self, "orders", "--scale", "50000", "--stores", "1")
        shops.configure(shops.shopline(1))
        shops.control({"op": "switch", "name": "shopline.order-lines", "value": str(self.lines)})
        requests = list(order_pages(shops))
        floor = Floor(shops, requests, "orders", "id")
        shops.sync()
        count = shops.records["inserted"]
        first, again, below, plain, rows, log = [], [], [], [], 0, 0
        for _ in range(self.runs):
            below.append(floor.run(count))
            if "P" in wanted:
                plain.append(floor.plain(self.plain, count, '"id":"', '"created_at":"'))
            shops.forget_mirror()
            os.sync()
            first.append(shops.sync())
            assert shops.records["inserted"] == count
            if "C" in wanted:
                watch = LogSize(shops)
                again.append(shops.sync("--full"))
                log = max(log, watch.end())
                run = shops.report["run_id"]
                rows = max(rows, shops.mirror(f"SELECT count(*) FROM shopline_orders_data WHERE changed_run='{run}'"))
        unchanged, changed = [], []
        if "D" in wanted:
            for _ in range(self.runs):
                shops.sync("--full", "--dry-run", weighs=False)
                unchanged.append(shops.sync("--full"))
                shops.control({"op": "edit", "resource": "shopline.orders", "account": "open001",
                               "changes": {"update": count // 100}})
                # The sandbox renders its pages anew, which is not our time.
                shops.sync("--full", "--dry-run", weighs=False)
                changed.append(shops.sync("--full"))
                assert shops.records["updated"] == count // 100, shops.records
        if "A" in wanted:
            a = median(first)
            self.row("A first load", a, count, median(below), [
                ("wall/floor", ratio(first, below), 0.55, "{:.3f}"), ("CPU/floor", ratio(first, below, "cpu"), 0.5, "{:.3f}"),
                ("MiB", a.memory / MEBIBYTE, 32, "{:.1f}"), ("records/s", count / a.wall, -40_000, "{:.0f}")])
        if plain:
            self.yardstick("A", plain, count, below)
        if "C" in wanted:
            c = median(again)
            self.row("C unchanged", c, count, None, [
                ("wall/A", ratio(again, first), 0.5, "{:.3f}"), ("rows written", rows, 0, "{:d}"),
                ("log MiB", log / MEBIBYTE, 2, "{:.2f}"), ("MiB", c.memory / MEBIBYTE, 32, "{:.1f}")])
        if "D" in wanted:
            self.row("D 1 % changed", median(changed), count, None, [
                ("wall/C", ratio(changed, unchanged), 1.15, "{:.3f}")])
        shops.stop()

    def goods(self, wanted):
        shops = Shops(self, "goods", "--scale", "50000", "--stores", "1")
        shops.configure(shops.next_engine(1, "goods", GOODS_FIELDS))
        shops.sync()
        count = shops.records["inserted"]
        first, below, plain = [], [], []
        for _ in range(self.runs):
            floor = Floor(shops, list(goods_pages(shops, count)), "data", "goods_id")
            below.append(floor.run(count))
            if "P" in wanted:
                plain.append(floor.plain(self.plain, count, '"goods_id":"'))
            shops.forget_mirror()
            os.sync()
            first.append(shops.sync())
            assert shops.records["inserted"] == count
        b = median(first)
        self.row("B flat rows", b, count, median(below), [
            ("wall/floor", ratio(first, below), 0.75, "{:.3f}"), ("CPU/floor", ratio(first, below, "cpu"), 0.7, "{:.3f}"),
            ("MiB", b.memory / MEBIBYTE, 32, "{:.1f}")])
        if plain:
            self.yardstick("B", plain, count, below)
        shops.stop()

    def yardstick(self, letter, samples, count, floor):
        """What a plain C program takes for a workload; no target."""
        self.row(f"P {letter} by a plain C program", median(samples), count, median(floor), [
            ("wall/floor", ratio(samples, floor), None, "{:.2f}"), ("CPU/floor", ratio(samples, floor, "cpu"), None, "{:.2f}")])

    def nothing_new(self):
        shops = Shops(self, "incremental", "--stores", "2")
        shops.configure(*[shops.shopline(n) for n in (1, 2)], *[shops.next_engine(n, "orders") for n in (1, 2)])
        shops.sync()
        shops.sync()
        memory = shops.sync().memory
        runs = max(20, self.runs)
        before, samples = shops.server_seconds, []
        for _ in range(runs):
            samples.append(shops.sync(weighs=False))
        server = (shops.server_seconds - before) / runs
        e = median(samples)
        e.memory = memory
        self.row("E nothing new, 4 connections", e, None, None, [
            ("ms beside the server's", 1000 * (e.wall - server), 25, "{:.1f}"),
            ("MiB", memory / MEBIBYTE, 24, "{:.1f}")])
        shops.stop()

    def many(self):
        connections, concurrency, latency = 192, 64, 0.1
        shops = Shops(self, "many", "--stores", str(connections), "--scale", "100")
        shops.configure(*[shops.shopline(n + 1, limit=25) for n in range(connections)],
                        run=f"[run]\nconcurrency = {concurrency}\n")
        shops.sync()
        shops.control({"op": "latency", "ms": int(latency * 1000)})
        samples = []
        for _ in range(min(3, self.runs)):
            shops.forget_mirror()
            samples.append(shops.sync())
        f = median(samples)
        requests = shops.report["totals"]["http"]["requests"] / connections
        ideal = -(-connections // concurrency) * requests * latency
        self.row(f"F 192 connections, {requests:.0f} requests each", f, shops.records["fetched"], None, [
            (f"wall/{ideal:.1f} s", f.wall / ideal, 1.1, "{:.2f}"), ("MiB", f.memory / MEBIBYTE, 48, "{:.1f}")])
        shops.stop()

    def questions(self):
        """What the views over all platforms cost to ask, and what their indexes cost to keep."""
        shops = Shops(self, "questions", "--scale", "100000", "--stores", "1")
        shops.configure(shops.shopline(1), shops.next_engine(1, "orders", ORDER_FIELDS))
        first = shops.sync()
        count = shops.records["inserted"]
        self.row("Q first load, 2 x 100,000 orders", first, count)
        day = shops.mirror("SELECT substr(created_at, 1, 10) FROM all_orders ORDER BY created_at DESC LIMIT 1 OFFSET 500")
        inside = f"created_at >= '{day}' AND created_at < date('{day}', '+1 day')"
        for name, sql in (
                ("one day", f"SELECT * FROM all_orders WHERE {inside}"),
                ("latest 50", "SELECT * FROM all_orders ORDER BY created_at DESC LIMIT 50"),
                ("day + connection", f"SELECT * FROM all_orders WHERE {inside} AND connection='shop001'")):
            self.ask(shops, f"Q {name}", sql, 10)
        changes = {"update": count // 200}
        for name in ("kept", "without indexes by time"):
            samples = []
            for _ in range(min(5, self.runs)):
                for resource in ("shopline.orders", "next-engine.orders"):
                    shops.control({"op": "edit", "resource": resource, "changes": changes})
                shops.sync("--dry-run", weighs=False)  # the sandbox renders its pages anew, which is not our time
                samples.append(shops.sync(weighs=False))
            self.row(f"Q 1 % changed, {name}", median(samples), shops.records["updated"])
            database = sqlite3.connect(f"{shops.folder}/data/mirror.db")
            for (index,) in database.execute(
                    "SELECT name FROM sqlite_master WHERE type='index' AND name LIKE '%\\_created' ESCAPE '\\'").fetchall():
                database.execute(f"DROP INDEX {index}")
            database.close()
        shops.stop()
        self.stock()

    def stock(self):
        shops = Shops(self, "stock", "--scale", "12500", "--stores", "1")
        shops.control({"op": "switch", "name": "stock.alike", "value": "true"})
        planted = ";".join(f"{number} figure 101" for number in range(500, 50_001, 500))
        written = ";".join(f"{number} sku SKU-{number:07}" for number in range(7, 50_000, 20))
        shops.control({"op": "switch", "name": "stock.next-engine", "value": planted})
        shops.control({"op": "switch", "name": "stock.shopline", "value": written})
        sold = shops.shopline(1).replace('["orders"]', '["products", "inventory_levels"]')
        rule = "[stock]\nignore_case = true\n"
        shops.configure(sold, shops.next_engine(1, "stock"), rule)
        self.row("Q first load, 2 x 50,000 SKUs", shops.sync(), shops.records["inserted"])
        self.ask(shops, "Q stock_differences", "SELECT * FROM stock_differences", 300, rows=100)
        shops.configure(sold, shops.next_engine(1, "stock"))
        shops.sync("--resource", "stock", weighs=False)
        self.ask(shops, "Q stock_differences, 2,500 without partner", "SELECT * FROM stock_differences", 300)
        shops.configure(sold, shops.next_engine(1, "stock"), rule)
        shops.sync("--resource", "stock", weighs=False)
        self.row("Q nothing new in stock", median([
            shops.sync("--resource", "stock", weighs=False) for _ in range(max(5, self.runs))]))
        plain = "[connections.company1.stock]\n"
        checks = {
            "nothing asked": "", "min_rows": "min_rows = 1\n", "not_null": 'not_null = ["stock_free_quantity"]\n',
            "unique": 'unique = ["stock_goods_id"]\n'}
        for name, check in checks.items():
            shops.configure(sold, shops.next_engine(1, "stock") + plain + check, rule)
            self.row(f"Q quality over 50,000 rows: {name}", median([
                shops.sync("--resource", "stock", weighs=False) for _ in range(max(5, self.runs))]))
        shops.stop()

    def ask(self, shops, name, sql, limit, rows=None):
        """Times a question as another program asks it, prints how it is answered, and checks that no table is read whole."""
        database = sqlite3.connect(f"file:{shops.folder}/data/mirror.db?mode=ro", uri=True)
        plan = [row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {sql}")]
        samples = []
        for _ in range(max(5, self.runs)):
            wall, cpu = time.perf_counter(), time.process_time()
            found = database.execute(sql).fetchall()
            samples.append(Sample(time.perf_counter() - wall, time.process_time() - cpu, 0))
        database.close()
        if rows is not None and len(found) != rows:
            sys.exit(f"{name}: {len(found)} rows instead of {rows}")
        print(f"\n{name}: {len(found)} rows\n  " + "\n  ".join(plan))
        sample = median(samples)
        self.row(name, sample, None, None, [("ms", 1000 * sample.wall, limit, "{:.1f}")])

    def program_alone(self):
        ours, theirs = [], []
        for _ in range(max(40, self.runs)):
            ours.append(measure([self.program, "--version"], self.folder, weighs=False))
            theirs.append(measure(["curl", "--version"], self.folder, weighs=False))
        v, floor = median(ours), median(theirs)
        v.memory = measure([self.program, "--version"], self.folder).memory
        stripped = os.path.join(self.folder, "stripped")
        subprocess.run(["strip", "-o", stripped, self.program], check=True)
        self.row("V --version", v, None, floor, [
            ("wall/curl", ratio(ours, theirs), 1.2, "{:.3f}"),
            ("program MiB", os.stat(stripped).st_size / MEBIBYTE, 16, "{:.1f}")])

    def growth(self):
        """Raw points; a size a shop, one run each after one that warms the sandbox up (4 GB of memory for the largest)."""
        small = None
        for count in (50_000, 200_000, 1_000_000, 2_000_000, 5_000_000):
            shops = Shops(self, "growth", "--scale", str(count // 4), "--stores", "1")
            shops.configure(shops.next_engine(1, "goods", GOODS_FIELDS[:12]))
            speed = self.grown(shops, count, "rows", small if count == 5_000_000 else None)
            small = small or speed
        for count in (50_000, 500_000):
            shops = Shops(self, "growth", "--scale", str(count), "--stores", "1")
            shops.configure(shops.shopline(1))
            self.grown(shops, count, "orders")

    def grown(self, shops, count, what, small=None):
        """One point, and what it costs to read it all again; its speed, in rows a second."""
        shops.sync()
        shops.forget_mirror()
        first = shops.sync()
        assert shops.records["inserted"] == count
        again = shops.sync("--full")
        assert shops.records["unchanged"] == count
        speed = count / first.wall
        size = os.stat(os.path.join(shops.folder, "data/mirror.db")).st_size
        targets = [("MiB", first.memory / MEBIBYTE, 32, "{:.1f}")]
        if small:
            targets.append(("speed/50k's", speed / small, -0.7, "{:.2f}"))
        self.row(f"G {count:,} {what}, mirror {size / MEBIBYTE:.0f} MiB", first, count, None, targets)
        self.row(f"G {count:,} {what} unchanged", again, count, None, [("MiB", again.memory / MEBIBYTE, 32, "{:.1f}")])
        shops.stop()
        return speed

    def table(self):
        head = ["workload", "wall s", "CPU s", "MiB", "records/s", "floor wall", "floor CPU", "targets"]
        lines = [head]
        for row in self.rows:
            def number(name, form):
                return form.format(row[name]) if row[name] is not None else ""
            lines.append([
                row["workload"], number("wall", "{:.3f}"), number("cpu", "{:.3f}"),
                "{:.1f}".format(row["memory"] / MEBIBYTE), number("records_per_second", "{:,.0f}"),
                number("floor_wall", "{:.3f}"), number("floor_cpu", "{:.3f}"), "; ".join(row["targets"])])
        widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
        for line in lines:
            cells = [cell.ljust(width) if column in (0, len(head) - 1) else cell.rjust(width)
                     for column, (cell, width) in enumerate(zip(line, widths))]
            print("  ".join(cells).rstrip())


# What the platforms are asked for, as the program asks for it.

GOODS_FIELDS = [
    "goods_id", "goods_name", "goods_representation_id", "goods_jan_code", "goods_cost_price", "goods_selling_price",
    "goods_display_price", "goods_status_id", "goods_supplier_id", "goods_creation_date", "goods_last_modified_date",
    "goods_last_modified_null_safe_date", "goods_model_number", "goods_location",
    "goods_weight", "goods_tag",
]


ORDER_FIELDS = [
    "receive_order_shop_id", "receive_order_shop_cut_form_id", "receive_order_date", "receive_order_total_amount",
    "receive_order_order_status_id", "receive_order_order_status_name", "receive_order_cancel_type_id",
    "receive_order_deleted_flag", "receive_order_goods_amount", "receive_order_tax_amount", "receive_order_note",
    "receive_order_payment_method_name", "receive_order_delivery_name", "receive_order_send_date",
]


def order_pages(shops):
    headers = ["Authorization: Bearer SL-STATIC-open001", "Content-Type: application/json; charset=utf-8"]
    for hidden in ("false", "true"):
        url = f"{shops.url}/open001/admin/openapi/v20260901/orders.json?status=any&hidden_order={hidden}&limit=100"
        while url:
            request = urllib.request.Request(url, headers=dict(header.split(": ") for header in headers))
            with urllib.request.urlopen(request) as answer:
                answer.read()
                links = ", ".join(answer.headers.get_all("link") or []).split(", ")
            yield url, headers, None
            url = next((link.split(">")[0].strip("<") for link in links if 'rel="next"' in link), None)


def goods_pages(shops, count):
    access, refresh = shops.token("company1")
    for offset in range(0, count, GOODS_PAGE - 1):
        form = urllib.parse.urlencode({
            "access_token": access, "refresh_token": refresh, "fields": ",".join(GOODS_FIELDS),
            "offset": offset, "limit": GOODS_PAGE})
        yield f"{shops.url}/api_v1_master_goods/search", [], form


def main():
    parser = argparse.ArgumentParser(prog="jobs/bench")
    parser.add_argument("--programs", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--folder", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--runs", type=int, default=9, help="of each side; medians are shown, and of ratios the medians over the rounds")
    parser.add_argument("--workload", default="A,B,C,D,E,F,V", help="letters with commas; G, P and Q have to be named")
    parser.add_argument(
        "--lines", type=int, default=1, help="that an order of A, C and D has at most: 1 makes 2.2 KB an order, 3 makes 2.6 KB")
    parser.add_argument("--json", help="a file that gets the figures")
    arguments = parser.parse_args()
    wanted = set(arguments.workload.upper().split(","))
    if not wanted <= set("ABCDEFGPQV"):
        parser.error(f"unknown workload in '{arguments.workload}'; there are A to G, P, Q and V")
    if arguments.runs < 1 or arguments.lines < 1:
        parser.error("--runs and --lines are at least 1")
    bench = Bench(arguments)
    if "P" in wanted:
        source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bench-plain.c")
        subprocess.run(["cc", "-O2", "-o", bench.plain, source, "-lcurl", "-lsqlite3"], check=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        if wanted & {"A", "C", "D"}:
            bench.orders(wanted)
        if "B" in wanted:
            bench.goods(wanted)
        for letter, work in (("E", bench.nothing_new), ("F", bench.many),
                             ("V", bench.program_alone), ("Q", bench.questions), ("G", bench.growth)):
            if letter in wanted:
                work()
    finally:
        for process in bench.started:
            if process.poll() is None:
                process.kill()
    load = os.getloadavg()[0]
    print(f"\nmedians of {arguments.runs} rounds, of ratios too; {os.cpu_count()} cores, load {load:.1f}\n")
    bench.table()
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump(bench.rows, file, indent=2)
    if bench.missed:
        print("\nmissed: " + "; ".join(bench.missed))
        sys.exit(1)


main()

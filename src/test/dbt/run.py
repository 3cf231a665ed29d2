#!/usr/bin/env python3
"""Builds the dbt package dbt-labs/segment 0.7.0 on rows that a running Evefan wrote, and runs the package's own tests.

    src/test/dbt/run.py [page views, default 3000]

Needs Python 3.9 or later, git, a JDK and Maven. dbt comes from PyPI into target/dbt, the packages from their repositories;
DBT_GIT names another place that has them (as dbt-labs/segment and dbt-labs/dbt-utils).
"""
import base64
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
WORK = ROOT / "target" / "dbt"
GIT = os.environ.get("DBT_GIT", "https://github.com")
SEGMENT, UTILS = ("dbt-labs/segment", "0.7.0"), ("dbt-labs/dbt-utils", "0.8.6")
DBT = ["dbt-core~=1.9.0", "dbt-postgres~=1.9.0"]


def run(*command, **options):
    return subprocess.run([str(word) for word in command], check=True, **options)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def dbt():
    """dbt itself and a project of ours with the two packages."""
    program = WORK / "venv" / "bin" / "dbt"
    if not program.exists():
        run(sys.executable, "-m", "venv", WORK / "venv")
        run(WORK / "venv" / "bin" / "pip", "install", "-q", *DBT)
    project = WORK / "project"
    shutil.rmtree(project, ignore_errors=True)
    shutil.copytree(HERE, project, ignore=shutil.ignore_patterns("run.py"))
    for name, tag in (SEGMENT, UTILS):
        target = project / "dbt_packages" / name.split("/")[1].replace("dbt-utils", "dbt_utils")
        run("git", "-c", "advice.detachedHead=false", "clone", "-q", "--depth", 1, "--branch", tag, f"{GIT}/{name}", target)
        shutil.rmtree(target / "integration_tests", ignore_errors=True)
    return program, project


class Evefan:
    def __init__(self):
        self.port, self.postgres = free_port(), free_port()
        self.data = tempfile.mkdtemp(prefix="evefan-dbt-")
        classpath = ":".join(["target/classes", (ROOT / "target" / "test-classpath.txt").read_text().strip()])
        self.process = subprocess.Popen(
            ["java", "-Xmx512m", f"-Devefan.http.port={self.port}", f"-Dcamel.management.port={free_port()}",
             f"-Devefan.postgres.embedded.port={self.postgres}", f"-Devefan.data.directory={self.data}",
             "-Devefan.postgres.views.interval-ms=1000", "-cp", classpath, "com.evefan.Main"],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if "Evefan is running" in line:
                threading.Thread(target=self.process.stdout.read, daemon=True).start()
                return
        raise SystemExit("Evefan did not start:\n" + "".join(lines))

    def send(self, events):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/v1/batch", json.dumps({"batch": events}).encode(),
            {"Authorization": "Basic " + base64.b64encode(b"wk_dev:").decode(), "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert not json.load(answer).get("rejected")

    def rows(self):
        code = (f"import psycopg2; c = psycopg2.connect('postgresql://evefan:evefan@127.0.0.1:{self.postgres}/evefan')"
                ".cursor(); c.execute('select (select count(*) from pages) + (select count(*) from identifies)');"
                "print(c.fetchone()[0])")
        return int(subprocess.check_output([WORK / "venv" / "bin" / "python", "-c", code], text=True))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        shutil.rmtree(self.data, ignore_errors=True)


def events(views):
    """What visitors of a shop do within two weeks: sessions, campaigns, referrers; some of them say who they are."""
    chance = random.Random(25)
    agents = ["Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)", "Mozilla/5.0 (Linux; Android 14; Pixel 8)",
              "Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0)"]
    referrers = ["https://www.google.com/search?q=shop", "https://www.example.com/", "https://t.co/x", ""]
    begin = datetime.now(timezone.utc) - timedelta(days=14)
    made = 0
    visitor = 0
    while made < views:
        visitor += 1
        anonymous, agent = f"visitor-{visitor}", chance.choice(agents)
        user = f"user-{visitor // 2}" if chance.random() < 0.3 else None
        for _ in range(chance.randint(1, 3)):
            at = begin + timedelta(minutes=chance.randint(0, 13 * 24 * 60))
            context = {"userAgent": agent, "ip": "203.0.113.7"}
            if chance.random() < 0.3:
                context["campaign"] = {"source": "news", "medium": "email", "name": "Spring", "term": "a", "content": "b"}
            for page in range(chance.randint(1, 6)):
                at += timedelta(seconds=chance.randint(0, 600))
                path = f"/p/{page}"
                event = {"type": "page", "messageId": f"v{visitor}-{made}", "anonymousId": anonymous,
                         "timestamp": at.isoformat().replace("+00:00", "Z"), "context": context,
                         "properties": {"url": f"https://shop.example.com{path}?gclid={visitor}", "path": path,
                                        "title": f"Page {page}", "search": f"?gclid={visitor}",
                                        "referrer": chance.choice(referrers)}}
                if user and page > 0:
                    event["userId"] = user
                yield event
                made += 1
            if user:
                yield {"type": "identify", "messageId": f"i{visitor}-{made}", "anonymousId": anonymous, "userId": user,
                       "timestamp": at.isoformat().replace("+00:00", "Z"),
                       "context": {"traits": {"email": f"{user}@example.com"}}}
    # what is no browser's
    yield {"type": "page", "messageId": "server", "userId": "user-1", "properties": {"url": "not a url"}}


def main():
    views = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
    WORK.mkdir(parents=True, exist_ok=True)
    run("mvn", "-q", "-B", "compile", "dependency:build-classpath", "-Dmdep.outputFile=target/test-classpath.txt", cwd=ROOT)
    program, project = dbt()
    evefan = Evefan()
    try:
        everything = sorted(events(views), key=lambda event: event.get("timestamp", "9"))  # the package looks back 3 hours
        pages = sum(event["type"] == "page" for event in everything)
        half = len(everything) // 2
        environment = {**os.environ, "DBT_PROFILES_DIR": str(project), "EVEFAN_PORT": str(evefan.postgres),
                       "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "EVEFAN_PAGES": str(pages)}

        sent = []

        def call(*words):
            run(program, "--no-use-colors", *words, "--project-dir", project, env=environment)

        def deliver(part):
            for i in range(0, len(part), 500):
                evefan.send(part[i:i + 500])
            sent.extend(part)
            deadline = time.monotonic() + 60
            while evefan.rows() < len(sent):
                if time.monotonic() > deadline:
                    raise SystemExit(f"{evefan.rows()} rows of {len(sent)} events")
                time.sleep(0.5)

        deliver(everything[:half])
        call("seed")
        call("run", "--full-refresh")
        deliver(everything[half:])
        call("run")  # the package's models are incremental, and cut sessions at the hour to which they look back
        call("test", "--select", "package:segment", "segment_web_user_stitching")
        call("run", "--full-refresh")
        call("test")
        print(f"dbt: {pages} pages, {len(everything) - pages} identifies: built and tested")
    finally:
        evefan.stop()


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Many clients post and read at once, and what was acknowledged is counted afterwards.

    hammer.py [--model NAME]... [--seconds S] [--clients N] [--kill] BUILD

Every post has a text of its own.  When the server has stopped, its file is read without it: each post
that was answered by 240 has to be there once, with its text, at the place that it was told; the
positions of a topic have no gap; a client's posts stand in the order in which it wrote them.  A post
whose connection ended before its answer may be there or not, but not twice.

--kill: every second SIGKILL ends a process that serves, the service's or (under fork) any of its
children; clients come again.  The exit status is 1 if anything was lost, twice, or out of order.
"""
import argparse
import os
import random
import signal
import sqlite3
import sys
import threading
import time

from caller import LONG, Caller, Gone, Refused
from service import MODELS, Failure, Place, Service

TOPICS, READ_EACH, TURN = 8, 3, 10
OF_MODEL = {  # as one would set them for many clients
    "fork": {"max_children": 100},
    "pool": {"threads": 16},
    "pool-classic": {"threads": 80},
    "epoll": {"loops": None},
}
OF_KILLS = "died of Killed|starts again in"


class Visitor(threading.Thread):
    def __init__(self, address, number, topics, until, turn):
        super().__init__()
        self.address, self.number, self.topics, self.until, self.turn = address, number, topics, until, turn
        self.kept = []     # (post, topic, position, text) as they were acknowledged
        self.unknown = 0   # posts without an answer
        self.written = 0
        self.wrong = None

    def is_over(self):
        """When the time is; but on a slow machine each client has its turn."""
        late = time.monotonic() - self.until
        return late >= (0 if self.kept else LONG)

    def post(self, c):
        text = f"{self.number}/{self.written}"
        self.written += 1
        self.unknown += 1
        self.kept.append(c.write(f"POST {random.choice(self.topics)}", text) + (text,))
        self.unknown -= 1

    def read(self, c):
        c.ask(f"READ {random.choice(self.topics)} {random.randint(1, 20)} 5", "220")
        list(c.rows())

    def visit(self):
        c = Caller(self.address)
        c.enter(f"user{self.number}")
        for i in range(self.turn):
            if self.is_over():
                break
            self.post(c) if i % READ_EACH else self.read(c)
        c.ask("QUIT", "205")

    def run(self):
        while not self.is_over() and not self.wrong:
            try:
                self.visit()
            except Gone:
                time.sleep(0.01)
            except Refused as e:
                self.wrong = str(e)


def make_topics(address):
    first = Caller(address)
    first.enter("first")
    topics = [first.write(f"NEW topic {i}", f"first/{i}")[1] for i in range(TOPICS)]
    first.ask("QUIT", "205")
    return topics


def kill_now_and_then(service, until):
    kills = 0
    while time.monotonic() + 1 < until:
        time.sleep(1)
        victims = service.serving()
        if victims:
            try:
                os.kill(random.choice(victims), signal.SIGKILL)
                kills += 1
            except ProcessLookupError:
                pass
    return kills


def count(file, visitors):
    """What is wrong: lost, twice, out of order, gaps, and what integrity_check says."""
    db = sqlite3.connect(file)
    posts = {row[0]: row[1:] for row in db.execute("SELECT id, topic, position, body FROM posts")}
    texts = [p[2] for p in posts.values()]
    lost = disordered = 0
    for v in visitors:
        last = {}
        for post, topic, position, text in v.kept:
            lost += posts.get(post) != (topic, position, text + "\n")
            disordered += position <= last.get(topic, 0)
            last[topic] = position
    gaps = db.execute("SELECT count(*) FROM (SELECT 1 FROM posts GROUP BY topic "
                      "HAVING max(position) <> count(*) OR min(position) <> 1)").fetchone()[0]
    unordered = db.execute("SELECT count(*) FROM posts a JOIN posts b ON a.topic = b.topic AND "
                           "b.position = a.position + 1 WHERE b.id < a.id").fetchone()[0]
    said = db.execute("PRAGMA integrity_check").fetchone()[0]
    return {"lost": lost, "twice": len(texts) - len(set(texts)),
            "disordered": disordered + unordered, "gaps": gaps, "integrity": said}


def load(service, model, o):
    """Those who visited until the time was over, and how often a process was killed."""
    topics = make_topics(service.address)
    until = time.monotonic() + o.seconds
    turn = TURN if model == "iterative" else 1 << 30
    visitors = [Visitor(service.address, i, topics, until, turn) for i in range(o.clients)]
    for v in visitors:
        v.start()
    kills = kill_now_and_then(service, until) if o.kill else 0
    for v in visitors:
        v.join()
    return visitors, kills


def hammer(model, o):
    with Place(o.build, model, "unix", OF_MODEL.get(model, ())) as place:
        with Service(place, OF_KILLS if o.kill else "") as service:
            visitors, kills = load(service, model, o)
            wrong = [v.wrong for v in visitors if v.wrong]
            try:
                service.stop()
            except Failure as e:
                wrong.append(str(e))
        found = count(place.file, visitors)
    found.update(kept=sum(len(v.kept) for v in visitors), unknown=sum(v.unknown for v in visitors), kills=kills,
                 served=sum(bool(v.kept) for v in visitors), wrong=wrong)
    return found


def is_well(f, o):
    return (f["served"] == o.clients and f["integrity"] == "ok" and not f["wrong"] and
            (o.kill or not f["unknown"]) and
            not any(f[k] for k in ("lost", "twice", "disordered", "gaps")))


def table(o, seconds, kill):
    """Runs all models, prints a row for each: whether all is well."""
    o.seconds, o.kill, well = seconds, kill, True
    print(f"{o.clients} clients, {seconds:g} s each" +
          (", one process killed each second" if kill else ""))
    print("model         acknowledged  posts/s  served  kills  unknown  lost  twice  disorder  integrity")
    for model in o.model or MODELS:
        f = hammer(model, o)
        well = is_well(f, o) and well
        print(f"{model:<13} {f['kept']:12} {f['kept'] / seconds:8.0f} {f['served']:7} {f['kills']:6} "
              f"{f['unknown']:8} {f['lost']:5} {f['twice']:6} {f['disordered'] + f['gaps']:9}  "
              f"{f['integrity']}" + (f"  wrong: {f['wrong'][0]}" if f["wrong"] else ""), flush=True)
    return well


def main():
    parser = argparse.ArgumentParser(description="hammers a board and counts its posts")
    parser.add_argument("build")
    parser.add_argument("--model", action="append", choices=list(MODELS))
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--kill", action="store_true", help="SIGKILL now and then")
    parser.add_argument("--short", action="store_true",
                        help="for the tests: 1 s without kills and 3 s with (long run: 10 times)")
    o = parser.parse_args()
    runs = [(o.seconds, o.kill)]
    if o.short:
        factor = 10 if os.environ.get("MODUS_TEST_LONG") else 1
        runs = [(1 * factor, False), (3 * factor, True)]
    return 0 if all([table(o, *run) for run in runs]) else 1


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Who waits for whom: what a client that asks nothing is made to wait by others.

    latency.py [--test] [--seconds S] BUILD

1. Under epoll with one loop, clients search, and each search takes SLOW_MS in SQLite; another client
   of the same loop sends NOOP without pause.
2. Under pool with 16 threads 100 clients watch a board, one writes to it; another sends NOOP.

Prints percentiles of the NOOPs, alone and beside the others, and of the time until all watchers were
told a post.  --test looks at no time: the NOOP has to be answered before the search that was sent
before it, and every watcher has to be told every post, once and in order.
"""
import argparse
import os
import sqlite3
import sys
import threading
import time

from board import MODELS, Board, Connection

SLOW_MS, SEARCHERS, WATCHERS, POST_EACH = 200, 4, 100, 0.02


def percentiles(times):
    times = sorted(times)
    at = lambda share: times[min(len(times) - 1, int(share * len(times)))] * 1e3
    return (f"{len(times):7} NOOPs: 50 % {at(.5):7.2f} ms, 99 % {at(.99):7.2f}, "
            f"99.9 % {at(.999):7.2f}, longest {times[-1] * 1e3:7.2f}")


def noops(board, seconds):
    c, times = Connection(board).come(), []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        start = time.monotonic()
        c.ask("NOOP", "200")
        times.append(time.monotonic() - start)
        time.sleep(0.001)
    return times


def slow_board(build):
    preload = os.path.join(os.path.abspath(build), "tests", "fixtures", "slow_sqlite.so")
    sanitizer = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
    MODELS["epoll"] = 'type = "epoll"; loops = 1;'
    return Board(build, "epoll", {"LD_PRELOAD": preload, "SLOW_SQLITE_MS": str(SLOW_MS),
                                  "ASAN_OPTIONS": sanitizer})


def search_until(board, stop):
    c = Connection(board).come()
    while not stop.is_set():
        c.ask("SEARCH word", "218")
        list(c.rows())


def slow_searches(build, seconds):
    board, stop = slow_board(build), threading.Event()
    print(f"epoll, one loop, {SEARCHERS} clients whose searches take {SLOW_MS} ms each:")
    print("  alone ", percentiles(noops(board, seconds)))
    searchers = [threading.Thread(target=search_until, args=(board, stop)) for _ in range(SEARCHERS)]
    for s in searchers:
        s.start()
    print("  beside", percentiles(noops(board, seconds)))
    stop.set()
    for s in searchers:
        s.join()
    board.stop()


class Watcher(threading.Thread):
    def __init__(self, board, posts):
        super().__init__()
        self.c, self.posts, self.told = Connection(board).come(), posts, []
        self.c.ask("WATCH general", "286")

    def run(self):
        while len(self.told) < self.posts:
            assert self.c.line().startswith("290 ")
            post = self.c.line().split(" ")
            list(self.c.rows())
            self.told.append((int(post[1]), time.monotonic()))


def watched(build, seconds, posts):
    """Prints what NOOPs waited; returns the numbers that each watcher was told, and those written."""
    board = Board(build, "pool")
    writer = Connection(board).come()
    writer.enter("writer")
    topic = writer.write("NEW watched", "first")[1]
    alone = noops(board, seconds)
    watchers = [Watcher(board, posts) for _ in range(WATCHERS)]
    for w in watchers:
        w.start()
    beside, written = [], []
    asker = threading.Thread(target=lambda: beside.extend(noops(board, posts * POST_EACH)))
    asker.start()
    for i in range(posts):
        written.append((writer.write(f"POST {topic}", f"post {i}")[0], time.monotonic()))
        time.sleep(POST_EACH)
    for thread in watchers + [asker]:
        thread.join()
    print(f"pool, 16 threads, {WATCHERS} watchers, {posts} posts:")
    print("  alone ", percentiles(alone))
    print("  beside", percentiles(beside))
    late = sorted(max(w.told[i][1] for w in watchers) - written[i][1] for i in range(posts))
    print(f"  until all {WATCHERS} were told: 50 % {late[len(late) // 2] * 1e3:.1f} ms, "
          f"longest {late[-1] * 1e3:.1f}")
    board.stop()
    return [[post for post, _ in w.told] for w in watchers], [post for post, _ in written]


def told_of_another(build):
    """Its writer publishes nothing: the board finds it."""
    board = Board(build, "fork")
    writer = Connection(board).come()
    writer.enter("writer")
    topic = writer.write("NEW watched", "first")[1]
    writer.ask("WATCH general", "286")
    db = sqlite3.connect(board.file)
    with db:
        post = db.execute("INSERT INTO posts (topic, position, name, created, subject, body) "
                          "VALUES (?, 2, 'nobody', 0, '', 'by hand')", (topic,)).lastrowid
        db.execute("UPDATE topics SET posts = 2 WHERE id = ?", (topic,))
    db.close()
    told = writer.line().startswith("290 ") and writer.line().startswith(f"post {post} 2 ")
    board.stop()
    return told


def check(build):
    board = slow_board(build)
    slow, quick, order = Connection(board).come(), Connection(board).come(), []

    def await_search():
        slow.line()
        order.append("search")

    slow.say("SEARCH word\r\n")
    searcher = threading.Thread(target=await_search)
    searcher.start()
    quick.ask("NOOP", "200")
    order.append("noop")
    searcher.join()
    board.stop()
    told, written = watched(build, 0.1, 20)
    other = told_of_another(build)
    for number, (well, what) in enumerate((
            (order == ["noop", "search"], "a NOOP is answered before a slow search of its loop"),
            (all(t == written for t in told), "all watchers are told all posts, once and in order"),
            (other, "a watcher is told a post that another program wrote")), 1):
        print(f"{'ok' if well else 'not ok'} {number} - {what}")
    print("1..3")


def main():
    parser = argparse.ArgumentParser(description="what clients make each other wait")
    parser.add_argument("build")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--test", action="store_true")
    o = parser.parse_args()
    if o.test:
        check(o.build)
    else:
        slow_searches(o.build, o.seconds)
        watched(o.build, o.seconds, int(o.seconds / POST_EACH))
    return 0


if __name__ == "__main__":
    sys.exit(main())

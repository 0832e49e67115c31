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
import contextlib
import os
import sys
import threading
import time

from caller import Caller
from service import Place, Service
from stage import same
from tap import Tap

SLOW_MS, SEARCHERS, WATCHERS, POST_EACH = 200, 4, 100, 0.02


def percentiles(times):
    times = sorted(times)
    at = lambda share: times[min(len(times) - 1, int(share * len(times)))] * 1e3
    return (f"{len(times):7} NOOPs: 50 % {at(.5):7.2f} ms, 99 % {at(.99):7.2f}, "
            f"99.9 % {at(.999):7.2f}, longest {times[-1] * 1e3:7.2f}")


def noops(address, seconds):
    c, times = Caller(address), []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        start = time.monotonic()
        c.ask("NOOP", "200")
        times.append(time.monotonic() - start)
        time.sleep(0.001)
    return times


@contextlib.contextmanager
def slow_board(build):
    """The address of a board on one loop, whose searches take SLOW_MS."""
    place = Place(build, "epoll", "unix", {"loops": 1})
    preload = os.path.join(os.path.abspath(build), "tests", "fixtures", "slow_sqlite.so")
    sanitizer = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
    place.wrap = ["env", f"LD_PRELOAD={preload}", f"SLOW_SQLITE_MS={SLOW_MS}", f"ASAN_OPTIONS={sanitizer}"]
    with place, Service(place) as service:
        yield service.address


def search_until(address, stop):
    c = Caller(address)
    while not stop.is_set():
        c.ask("SEARCH word", "218")
        list(c.rows())


def slow_searches(build, seconds):
    with slow_board(build) as address:
        stop = threading.Event()
        print(f"epoll, one loop, {SEARCHERS} clients whose searches take {SLOW_MS} ms each:")
        print("  alone ", percentiles(noops(address, seconds)))
        searchers = [threading.Thread(target=search_until, args=(address, stop)) for _ in range(SEARCHERS)]
        for s in searchers:
            s.start()
        print("  beside", percentiles(noops(address, seconds)))
        stop.set()
        for s in searchers:
            s.join()


class Watcher(threading.Thread):
    def __init__(self, address, posts):
        super().__init__()
        self.c, self.posts, self.told = Caller(address), posts, []
        self.c.ask("WATCH general", "286")

    def run(self):
        while len(self.told) < self.posts:
            assert self.c.line().startswith("290 ")
            post = self.c.line().split(" ")
            list(self.c.rows())
            self.told.append((int(post[1]), time.monotonic()))


def writer_of_topic(address):
    """A client, and the topic that it began."""
    writer = Caller(address)
    writer.enter("writer")
    return writer, writer.write("NEW watched", "first")[1]


def tell(address, posts):
    """Writes posts while clients watch: (the watchers, what was written and when, what NOOPs waited)."""
    writer, topic = writer_of_topic(address)
    watchers = [Watcher(address, posts) for _ in range(WATCHERS)]
    beside, written = [], []
    asker = threading.Thread(target=lambda: beside.extend(noops(address, posts * POST_EACH)))
    for thread in watchers + [asker]:
        thread.start()
    for i in range(posts):
        written.append((writer.write(f"POST {topic}", f"post {i}")[0], time.monotonic()))
        time.sleep(POST_EACH)
    for thread in watchers + [asker]:
        thread.join()
    return watchers, written, beside


def watched(build, seconds, posts, say=print):
    """Says what NOOPs waited; returns the numbers that each watcher was told, and those written."""
    with Place(build, "pool", "unix", {"threads": 16}) as place, Service(place) as service:
        alone = noops(service.address, seconds)
        watchers, written, beside = tell(service.address, posts)
    say(f"pool, 16 threads, {WATCHERS} watchers, {posts} posts:")
    say(f"  alone  {percentiles(alone)}")
    say(f"  beside {percentiles(beside)}")
    late = sorted(max(w.told[i][1] for w in watchers) - written[i][1] for i in range(posts))
    say(f"  until all {WATCHERS} were told: 50 % {late[len(late) // 2] * 1e3:.1f} ms, "
        f"longest {late[-1] * 1e3:.1f}")
    return [[post for post, _ in w.told] for w in watchers], [post for post, _ in written]


def told_of_another(build):
    """Its writer publishes nothing: the board finds it."""
    with Place(build, "fork", "unix") as place, Service(place) as service:
        writer, topic = writer_of_topic(service.address)
        writer.ask("WATCH general", "286")
        service.sql("UPDATE topics SET posts = 2 WHERE id = ?", topic)
        post = service.sql("INSERT INTO posts (topic, position, name, created, subject, body) "
                           "VALUES (?, 2, 'nobody', 0, '', 'by hand') RETURNING id", topic)[0][0]
        same("what is told", (writer.line()[:4], writer.line().split(" ")[:3]), ("290 ", ["post", str(post), "2"]))


def order_of_answers(build):
    """In which order a slow search, and a NOOP that is sent after it, are answered."""
    with slow_board(build) as address:
        slow, quick, order = Caller(address), Caller(address), []

        def await_search():
            slow.line()
            order.append("search")

        slow.say("SEARCH word\r\n")
        searcher = threading.Thread(target=await_search)
        searcher.start()
        quick.ask("NOOP", "200")
        order.append("noop")
        searcher.join()
    return order


def told_in_order(build):
    told, written = watched(build, 0.1, 20, lambda line: print(f"# {line}"))
    for watcher in told:
        same("posts that were told", watcher, written)


def passed_over(build):
    """What is found where a search has to pass over very much: nothing, but it ends, and tells so."""
    with Place(build, "epoll", "unix") as place, Service(place) as service:
        c, topic = writer_of_topic(service.address)
        service.sql("WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
                    "INSERT INTO posts (topic, position, name, created, subject, body, hidden) "
                    "SELECT ?, i, 'nobody', 0, '', 'a', 1 FROM n", topic)
        for words, found in ("first", ["1", "-"]), ("a", ["0", "-"]), ("a " * 450, ["0", "more"]):
            same(f"found of {words[:5]}", c.ask(f"SEARCH {words}", "218")[1:3], found)
            list(c.rows())


def check(build):
    tap = Tap(4)
    tap.result("a NOOP is answered before a slow search of its loop",
               lambda: same("the order of answers", order_of_answers(build), ["noop", "search"]))
    tap.result("all watchers are told all posts, once and in order", lambda: told_in_order(build))
    tap.result("a watcher is told a post that another program wrote", lambda: told_of_another(build))
    tap.result("a search that passes over very much ends", lambda: passed_over(build))
    return 1 if tap.failed else 0


def main():
    parser = argparse.ArgumentParser(description="what clients make each other wait")
    parser.add_argument("build")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--test", action="store_true")
    o = parser.parse_args()
    if o.test:
        return check(o.build)
    slow_searches(o.build, o.seconds)
    watched(o.build, o.seconds, int(o.seconds / POST_EACH))
    return 0


if __name__ == "__main__":
    sys.exit(main())

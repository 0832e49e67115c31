# SPDX-License-Identifier: MIT
"""Programs that put it under load, and complain of whatever is wrong.  What they measure is not looked at."""
import os
import re

from kit import Failure, case, run, same, true
from serving import PATIENCE

LONG = 6 * PATIENCE


def at_once(site, count):
    """So many connections, or as many as have their turn while the others are kept."""
    return str(min(count, {"iterative": 1, "pool-classic": 8}.get(site.model, count)))


# ---- ab ----

def ab(site, *words):
    said, told = run("ab", "-q", "-n", "2000", "-c", at_once(site, 20), "-s", f"{PATIENCE:.0f}", *words,
                     site.url("/small.txt"), seconds=LONG)
    said = said.decode() + told
    figures = dict(re.findall(r"^([A-Z][^:\n]+): +([0-9]+)", said, re.M))
    same("complete, and failed", (figures.get("Complete requests"), figures.get("Failed requests")), ("2000", "0"))
    true("want nothing else to be wrong", not re.search(r"Non-2xx|Write errors", said), said)
    same("bytes of bodies", figures.get("HTML transferred"), str(2000 * len(site.files["small.txt"])))
    return figures


@case("ab -k: 2,000 requests over connections that are kept", "ab")
def ab_keep(site):
    figures = ab(site, "-k")
    same("requests of those that were kept", figures.get("Keep-Alive requests"), "2000")


@case("ab: 2,000 connections", "ab")
def ab_close(site):
    ab(site)


# ---- wrk ----

@case("wrk: no error of a socket, no status but 200", "wrk")
def wrk(site):
    for path in ("/big.bin", "/list/"):
        said, _ = run("wrk", "-d", "1s", "-t", at_once(site, 2), "-c", at_once(site, 8),
                      "--timeout", f"{PATIENCE:.0f}s", site.url(path), seconds=LONG)
        said = said.decode()
        requests = re.search(r"^ *(\d+) requests in ", said, re.M)
        true(f"{path}: want some requests", requests and int(requests.group(1)) > 0, said)
        true(f"{path}: want no error", not re.search(r"Socket errors|Non-2xx", said), said)


# ---- h2load ----

def h2load(site, *words):
    said, _ = run("h2load", "--h1", "-n", "2000", "-c", at_once(site, 8), "-T", f"{PATIENCE:.0f}s", *words,
                  site.url("/small.txt"), seconds=LONG)
    said = said.decode()
    true("want all to succeed", "2000 done, 2000 succeeded, 0 failed, 0 errored, 0 timeout" in said, said)
    true("want no status but 200", "status codes: 2000 2xx, 0 3xx, 0 4xx, 0 5xx" in said, said)


@case("h2load --h1: 2,000 requests", "h2load")
def h2load_one(site):
    h2load(site)


@case("h2load --h1: pipelined", "h2load")
def h2load_many(site):
    h2load(site, "-m", "8")


# ---- modus load ----

def load(site, path, *words):
    """For longer where that was too short for a busy machine."""
    for seconds in ("0.3", "1", "4"):
        try:
            return run(os.path.join(site.build, "cli", "modus"), "load", "--warmup", "0", "--duration", seconds, *words,
                       site.url(path), seconds=LONG)
        except Failure as e:
            failure = e
    raise failure


@case("modus load: a request at a time, on connections that are kept and on new ones")
def load_closed(site):
    count, page = at_once(site, 8), os.path.join(site.root, "small.txt")
    load(site, "/small.txt", "--connections", count, "--expect-body", page)
    load(site, "/small.txt", "--connections", count, "--expect-body", page, "--mode", "close")
    load(site, "/big.bin", "--connections", count, "--expect-body", os.path.join(site.root, "big.bin"))
    load(site, "/text.txt", "--connections", count, "--header", "Accept-Encoding: gzip")


@case("modus load: pipelined, each response in its turn and with its own bytes")
def load_pipelined(site):
    count = at_once(site, 8)
    load(site, "/small.txt", "--connections", count, "--pipeline", "16", "--expect-body",
         os.path.join(site.root, "small.txt"))
    load(site, "/small.txt", "--connections", count, "--pipeline", "16", "--method", "HEAD")
    load(site, "/probe/write?n=30000", "--connections", count, "--pipeline", "4")


@case("modus load: statuses without a body, and bodies that are sent")
def load_others(site):
    count, etag = at_once(site, 8), site.ask("/small.txt").field("ETag")
    load(site, "/small.txt", "--connections", count, "--pipeline", "8", "--status", "304", "--any-body",
         "--header", f"If-None-Match: {etag}")
    load(site, "/nowhere", "--connections", count, "--pipeline", "8", "--status", "404", "--any-body")
    load(site, "/probe/whole", "--connections", count, "--body", "x" * 1000)

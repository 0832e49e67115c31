# SPDX-License-Identifier: MIT
"""Others write for long: who would write is told so in time, and nobody else waits."""
import contextlib
import fcntl
import os
import signal
import sqlite3
import subprocess
import time

from service import PATIENCE, await_that
from stage import PASSWORD, case, same

PACE = PATIENCE / 20           # of the machine and the build
AT_ONCE = 3 * PACE             # what is answered without waiting for a writer, who is there for longer
POSTERS = {"iterative": 0, "pool-classic": 5}  # who can be served beside two others
MANY = 12                      # more than a pool has threads
MESSAGE = "From a@b Thu Nov 24 18:22:48 1986\nMessage-ID: <{}@x>\nSubject: a\n\nb\n\n"


def in_time(what, began, limit):
    took = time.monotonic() - began
    same(f"{what} took {took:.1f} s, at most {limit:g}", took <= limit, True)


def is_had(place):
    """Whether somebody has the turn to write."""
    with open(place.file + "-queue", "rb") as f:
        try:
            fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def command(stage, *words):
    return [os.path.join(stage.build, "cli", "modus-board"), *words]


@contextlib.contextmanager
def importing(stage, place):
    """An import that was stopped on its way, and is killed in the end."""
    archive = os.path.join(place.folder, "archive.mbox")
    with open(archive, "w", encoding="ascii") as f:
        f.write("".join(MESSAGE.format(i) for i in range(20_000)))
    process = subprocess.Popen(command(stage, "import", "--board", "general", place.file, archive))
    try:
        await_that("the import writes", lambda: is_had(place) or process.poll() is not None)
        process.send_signal(signal.SIGSTOP)
        same("the import's status", process.poll(), None)
        yield process
    finally:
        process.kill()
        process.wait()


def many(stage):
    return [stage.user() for _ in range(POSTERS.get(stage.model, MANY))]


def send_posts(posters, topic):
    """The replies to the posts do not come yet."""
    for p in posters:
        p.send(f"POST {topic}")
    for p in posters:
        p.want(340)
        p.send("a body", ".")


def refused_at_once(what, client, command, topic=None):
    began = time.monotonic()
    reply = client.post(command, "a body", 450) if topic else client.ask(command, 450)
    in_time(what, began, AT_ONCE)
    return reply.text


@case("an import: who writes is told at once, who reads does not wait, a server starts", alone=True)
def while_imported(stage):
    if subprocess.run(command(stage, "import", "--help"), capture_output=True, check=False).returncode:
        return "this build imports nothing, it is without GMime"
    place = stage.place()
    stage.serve(place)
    c = stage.user()
    topic, _ = stage.topic(c)
    alone = stage.model == "iterative"  # it serves one client
    posters = many(stage)
    with importing(stage, place):
        began = time.monotonic()
        send_posts(posters, topic)
        for p in posters:
            p.want(450)
        in_time("the refusal of many", began, AT_ONCE)
        said = refused_at_once("POST", c, f"POST {topic}", topic)
        same("the reason", said, "an archive is being imported, try again later")
        refused_at_once("PASSWD", c, f"PASSWD {PASSWORD} {PASSWORD}")
        ran = subprocess.run(command(stage, "user", place.file, "new"), capture_output=True, text=True,
                             timeout=PATIENCE, check=False)
        same("modus board user", (ran.returncode, "being imported" in ran.stderr), (1, True))
        for step in "while it writes", "after a restart":
            began = time.monotonic()
            d = c if alone and step[0] == "w" else stage.guest()
            d.ask("NOOP", 200)
            same("posts", d.ask(f"READ {topic}", 220).words[3], "1")
            in_time(f"reading {step}", began, AT_ONCE)
            if step[0] == "w":
                stage.serve(place)
        refused_at_once("REGISTER", d, f"REGISTER new {PASSWORD}")
    stage.become(d, "new")
    same("the place of a post", d.post(f"POST {topic}", "kept", 240).words[2], "2")
    same("nothing was imported", d.ask("LIST", 215).rows[0].split(" ")[:4], ["board", "general", "1", "2"])
    return None


@case("450 where who writes does not end; then at once, and others do not wait", alone=True)
def stuck(stage):
    service = stage.serve(stage.place())
    c = stage.user()
    posters = many(stage)
    topic, _ = stage.topic(c)
    db = sqlite3.connect(service.place.file, timeout=20, isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    try:
        began = time.monotonic()
        send_posts([c], topic)  # it has the turn then, and waits for a program that has none
        await_that("the turn is had", lambda: is_had(service.place))
        send_posts(posters, topic)
        for p in posters:
            p.want(450)
        in_time("the refusal of others", began, 5 * PACE + AT_ONCE)
        if posters:
            refused_at_once("POST", posters[0], f"POST {topic}", topic)
            now = time.monotonic()
            posters[1].ask("NOOP", 200)
            same("posts", posters[1].ask(f"READ {topic}", 220).words[3], "1")
            in_time("reading", now, AT_ONCE)
        c.want(450)
        in_time("the first refusal", began, 10 + AT_ONCE)
        same("posts", c.ask(f"READ {topic}", 220).words[3], "1")
    finally:
        db.close()
    same("the next", c.post(f"POST {topic}", "kept", 240).words[2], "2")

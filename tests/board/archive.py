#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""modus board: archives of messages in and out: archive.py BUILD

Ten thousand made-up messages, odd and broken ones among them, are imported, looked at in the file,
searched through a server and exported; what is no whole archive is refused and changes nothing.
"""
import contextlib
import email
import email.policy
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time

import mailbox_made
from client import Client
from service import Place, Service
from tap import Tap

COUNT = 10_000
BUILD = sys.argv[1]
DIR = tempfile.TemporaryDirectory()


def path(name):
    return os.path.join(DIR.name, name)


def put(name, data):
    with open(path(name), "wb") as f:
        f.write(data)
    return path(name)


def get(name):
    with open(path(name), "rb") as f:
        return f.read()


def modus(*words, status=0, stdin=b""):
    """What the command printed; its status has to be this."""
    run = subprocess.run([os.path.join(BUILD, "cli", "modus"), "board", *words], input=stdin, capture_output=True,
                         check=False)
    said = (run.stdout + run.stderr).decode()
    assert run.returncode == status, f"modus board {words}: status {run.returncode}, want {status}: {said}"
    return said


def modus_bytes(*words):
    """The bytes that it printed, as a text."""
    run = subprocess.run([os.path.join(BUILD, "cli", "modus"), "board", *words], capture_output=True, check=True)
    return run.stdout.decode("latin1")


def same(want, got, what):
    assert want == got, f"{what}: want {want!r:.300}, got {got!r:.300}"


@contextlib.contextmanager
def served():
    """The file of a board that is served, and a client of it."""
    with Place(BUILD, "epoll", "unix") as place, Service(place) as service:
        yield place.file, Client(service.address)


def import_all(db, archive, status=0):
    return modus("import", "--board", "general", "--create", "General", path(db), archive, status=status)


def counted(said):
    return dict((word, int(n)) for n, word in re.findall(r"(\d+) (?:new )?(\w+)", said))


def rows(db, sql, *values):
    connection = sqlite3.connect(path(db))
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


def dump(db):
    connection = sqlite3.connect(path(db))
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


# ---- What is imported ----

def test_imports():
    """all messages come in once, doubled ones are skipped"""
    twice = MESSAGES[3:40]
    archive = put("archive.mbox", mailbox_made.mbox(twice + MESSAGES))
    began = time.monotonic()
    said = counted(import_all("board.db", archive))
    print(f"# {COUNT} messages, {os.path.getsize(archive)} bytes: {time.monotonic() - began:.1f} s")
    same(COUNT, said["imported"], "imported")
    same(len(twice), said["skipped"], "skipped")
    same(len(ROOTS), said["topics"], "topics")
    same([(COUNT, len(ROOTS))], rows("board.db", "SELECT posts, topics FROM boards"), "the board's counters")
    same(f"1 boards, {len(ROOTS)} topics, {COUNT} posts, 0 users: ok\n", modus("verify", path("board.db")), "verify")


def posts():
    """The posts by the message they came as."""
    found = rows("board.db", "SELECT message, id, topic, reply_to, message_id, created, name, posts.subject, body "
                 "FROM posts JOIN originals ON post = id")
    return {row[0]: row[1:] for row in found}


def test_threads():
    """answers stand in the topic of what they answer, wherever that was in the archive"""
    found = posts()
    for m in MESSAGES:
        post, topic, reply_to, message_id, *_ = found[m.head + m.data]
        if m.id:
            same(m.id, message_id, "the Message-ID")
        if m.parent:
            parent = found[m.parent.head + m.parent.data]
            same((parent[0], parent[1]), (reply_to, topic), f"post {post} answers")
            assert parent[0] < post, "what is answered comes first"
        else:
            same(None, reply_to, f"post {post} answers")
    topics = {found[m.head + m.data][1] for m in ROOTS}
    same(len(ROOTS), len(topics), "different topics")


def test_texts():
    """bodies are decoded, dates read, and nothing is left that moves a terminal"""
    found = posts()
    for m in MESSAGES:
        *_, created, name, subject, body = found[m.head + m.data]
        same(m.created, created, f"when message {m.number} was written")
        assert m.text is None or m.text in body, f"message {m.number}: want {m.text!r:.200}, got {body!r:.200}"
        assert m.word is None or m.word in body, f"message {m.number}: lacks {m.word}"
        for text in (name, subject, body.replace("\n", "").replace("\t", "")):
            assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", text), repr(text)
        assert name and subject and len(subject.encode()) <= 200, (name, subject)
    same(0, sum("notshown" in row[-1] for row in found.values()), "forms that were not chosen")


def test_undecodable():
    """what cannot be decoded becomes U+FFFD, one for each sequence, in subjects, names and bodies alike"""
    messages = mailbox_made.charsets()
    said = import_all("charsets.db", put("charsets.mbox", "".join(message for message, _ in messages).encode()))
    same(sum("\ufffd" in text for _, text in messages), counted(said)["mended"], "mended")
    found = rows("charsets.db", "SELECT subject, name, body FROM posts ORDER BY id")
    for (message, text), got in zip(messages, found):
        same((text, text, text + "\n"), got, f"of {message}")


def test_search():
    """a server finds the words of a message, and of its subject"""
    with served() as (file, c):
        said = counted(modus("import", "--board", "general", file, path("archive.mbox")))
        same(COUNT, said["imported"], "imported while it is served")
        for m in random.Random(2).sample([m for m in MESSAGES if m.word], 200):
            reply = c.ask(f"SEARCH {m.word}", 218)
            same(("1", 1), (reply.words[0], len(reply.rows)), f"found for {m.word}, and rows")
        for words in ("Grüße", "привет", "你好", "naïve café"):
            assert int(c.ask(f"SEARCH {words}", 218).words[0]) > 0, f"nothing found for {words}"
        c.ask("QUIT", 205)


# ---- What is exported ----

def test_exports():
    """each message comes back byte for byte"""
    modus("export", "--board", "general", path("board.db"), path("out.mbox"))
    found = mailbox_made.split(get("out.mbox"))
    same(COUNT, len(found), "messages")
    same(sorted(m.head + m.data for m in MESSAGES), sorted(found), "the messages")
    same(get("out.mbox").decode("latin1"), modus_bytes("export", "--board", "general", path("board.db")),
         "standard output")


def test_again():
    """what was exported is known again, and makes the same board elsewhere"""
    before = dump("board.db")
    same(COUNT, counted(import_all("board.db", path("out.mbox")))["skipped"], "skipped")
    same(before, dump("board.db"), "the file")
    import_all("other.db", path("out.mbox"))
    sql = "SELECT message_id, topic, position, reply_to, name, created, subject, body FROM posts ORDER BY id"
    same(rows("board.db", sql), rows("other.db", sql), "the posts")


def test_written():
    """posts of the board become messages that others can read, and come back as what they were"""
    body = "Grüße, a long line: " + "word " * 150 + "\nFrom the start\n.a dot\n"
    with served() as (file, c):
        c.ask("REGISTER alice password", 280)
        c.ask("OPEN general", 211)
        post, topic, *_ = c.post("NEW Öffentliches und mehr", body.rstrip("\n"), 240).words
        second = c.post(f"REPLY {post}", "yes", 240).words[0]
        c.post(f"POST {topic}", "no", 240)
        c.post(f"REPLY {second}", "perhaps", 240)
        text = modus_bytes("export", "--board", "general", file)
        archive = put("written.mbox", text.encode("latin1"))
        same(4, counted(modus("import", "--board", "general", file, archive))["skipped"], "skipped")
    found = mailbox_made.split(text.encode("latin1"))
    parsed = [email.message_from_bytes(m.split(b"\n", 1)[1], policy=email.policy.default) for m in found]
    same(["Öffentliches und mehr"] + ["Re: Öffentliches und mehr"] * 3, [m["Subject"] for m in parsed], "subjects")
    same(body, parsed[0].get_content(), "the body")
    ids = [m["Message-ID"] for m in parsed]
    same([None, ids[0], ids[0], ids[1]], [m["In-Reply-To"] for m in parsed], "In-Reply-To")
    same({"alice"}, {m["From"].addresses[0].display_name for m in parsed}, "From")
    assert all(abs(m["Date"].datetime.timestamp() - time.time()) < 600 for m in parsed), "dates"
    assert all(len(line) <= 998 for line in text.split("\n")) and text.isascii(), "lines"
    import_all("elsewhere.db", archive)
    same([(1, None, body), (2, 1, "yes\n"), (3, 1, "no\n"), (4, 2, "perhaps\n")],
         rows("elsewhere.db", "SELECT position, reply_to, body FROM posts ORDER BY id"), "the posts")


def subjects(*words):
    """Of what is exported."""
    found = mailbox_made.split(modus_bytes("export", "--board", "general", *words).encode("latin1"))
    return [email.message_from_bytes(m, policy=email.policy.default)["Subject"] for m in found]


def test_hidden():
    """a subject that is hidden is exported where what is hidden is"""
    with served() as (file, c):
        modus("user", file, "alice", "--moderator", "--password", stdin=b"password\n")
        c.ask("LOGIN alice password", 281)
        c.ask("OPEN general", 211)
        post, topic, *_ = c.post("NEW Shade", "one", 240).words
        c.post(f"POST {topic}", "two", 240)
        c.ask(f"HIDE {post}", 243)
        same(["Re: (hidden)"], subjects(file), "subjects")
        same(["Shade", "Re: Shade"], subjects("--hidden", file), "subjects with those that are hidden")
        c.ask(f"DELETE {post}", 242)
        same(["Re: (deleted)"], subjects("--hidden", file), "subjects")


# ---- What is refused ----

def refused(data, reason):
    """The archive is refused for this reason, with its name and a line; nothing changes."""
    archive = put("wrong.mbox", data)
    before = dump("small.db")
    said = import_all("small.db", archive, status=1)
    assert re.fullmatch(re.escape(archive) + rf":\d+: want {reason}.*\n", said), said
    same(before, dump("small.db"), f"the file after {said}")
    missing = import_all("missing.db", archive, status=1)
    same((said, False), (missing, os.path.exists(path("missing.db"))), "no file made")


def small():
    import_all("small.db", put("small.mbox", mailbox_made.mbox(MESSAGES[:50])))


def test_truncated():
    """an archive that is cut off anywhere is refused"""
    small()
    plain = b"From a@b Thu Nov 24 18:22:48 1986\nSubject: a\nMessage-ID: <new@x>\n\nbody\nmore\n\n"
    whole = mailbox_made.mbox(MESSAGES[50:80]) + plain
    head = len(whole) - len(plain)
    for at in (0, 3):
        refused(whole[:at], 'a line "From ADDRESS DATE"')
    for at in (40, 50, plain.index(b"body") - 1):
        refused(whole[:head + at], "the empty line that ends a message's headers, found the end of the file")
    for at in (head + 5, head + 20, len(whole) - 8, len(whole) - 2, len(whole) - 1):
        refused(whole[:at], "an empty line after the last message, found the end of the file")
    parts = (b"Content-Type: multipart/mixed; boundary=zz\n\n--zz\n\none\n\n--zz\nContent-Type: text/plain\n\ntwo\n\n"
             b"--zz--\n\n")
    whole += b"From a@b Thu Nov 24 18:22:48 1986\n" + parts
    for end in (b"one\n\n", b"two\n\n"):
        refused(whole[:whole.rindex(end) + len(end)], '"--zz--" to end the last message, found the end of the file')
    same(31 + 1, counted(import_all("small.db", put("whole.mbox", whole)))["imported"], "the whole one")


def test_binary():
    """what is no archive is refused"""
    small()
    rng = random.Random(3)
    for data in (b"", b"\x7fELF\x02\x01" + rng.randbytes(100_000), rng.randbytes(100_000), b"\0" * 5000,
                 b"Subject: no From_ line\n\ntext\n\n", get("small.db")):
        refused(data, 'a line "From ADDRESS DATE", found ')
    refused(mailbox_made.mbox(MESSAGES[50:60]) + rng.randbytes(100_000), "an empty line after the last message")


def test_large():
    """a message of more than 64 MiB is refused"""
    small()
    line = b"x" * 99 + b"\n"
    refused(b"From a@b Thu Nov 24 18:22:48 1986\n\n" + line * ((64 << 20) // 100 + 1) + b"\n", "messages of at most")
    os.remove(path("wrong.mbox"))


def test_ends():
    """circles, messages without anything, and dates in From_ lines alone"""
    when = "Thu Nov 24 18:22:48 1986"
    archive = put("ends.mbox", "".join([
        f"From a@b {when}\nMessage-ID: <1@x>\nIn-Reply-To: <2@x>\n\none\n\n",
        f"From a@b {when}\nMessage-ID: <2@x>\nIn-Reply-To: <3@x>\n\ntwo\n\n",
        f"From a@b {when}\nMessage-ID: <3@x>\nIn-Reply-To: <1@x>\n\nthree\n\n",
        f"From a@b {when}\nMessage-ID: <4@x>\nIn-Reply-To: <4@x>\n\nfour\n\n",
        f"From a@b {when}\n\n",
        "From a@b without a date\nMessage-ID: <5@x>\n\nfive\n\n",
        "From a@b Thu Nov 24 18:22 +0100 1986\nSubject: headers alone\n\n"]).encode())
    same({"imported": 7, "skipped": 0, "topics": 5, "mended": 0}, counted(import_all("ends.db", archive)), "counts")
    same([("3@x", None), ("2@x", "3@x"), ("1@x", "2@x"), ("4@x", None)],
         rows("ends.db", "SELECT p.message_id, a.message_id FROM posts AS p LEFT JOIN posts AS a ON a.id = p.reply_to "
              "ORDER BY p.id LIMIT 4"), "the circle is cut")
    created = [c for c, in rows("ends.db", "SELECT created FROM posts ORDER BY id")]
    same([533240568] * 5, created[:5], "dates of From_ lines")
    assert abs(created[5] - time.time()) < 600, "now"
    same(533240520 - 3600, created[6], "a date with a zone")
    modus("export", "--board", "general", path("ends.db"), path("ends.out"))
    same(sorted(mailbox_made.split(get("ends.mbox"))), sorted(mailbox_made.split(get("ends.out"))), "the messages")


# ---- The rest ----

def test_user():
    """accounts are made, given passwords, and made moderators"""
    with served() as (file, c):
        same("alice: made, user, without a password\n", modus("user", file, "alice"), "made")
        said = modus("user", file, "ALICE", "--moderator", "--password", stdin=b"a secret\n", status=1)
        assert "want a password of 8 to 100 bytes without blanks" in said, said
        said = modus("user", file, "ALICE", "--moderator", "--password", stdin=b"the-secret\n")
        same("alice: is there, moderator\n", said, "changed")
        c.ask("LOGIN alice the-secret", 281)
        c.ask("BAN nobody", 414)
        same("alice: is there, user\n", modus("user", file, "alice", "--no-moderator"), "changed")
        modus("user", file, "1st", status=2)


def test_verify():
    """what is wrong with a file is told"""
    small()
    for sql, reason in (("UPDATE posts SET position = 99 WHERE id = 3", "topic"),
                        ("UPDATE topics SET posts = posts + 1", "topic"),
                        ("UPDATE boards SET posts = 1", "board general"),
                        ("UPDATE posts SET topic = 999 WHERE id = 3", "posts 3"),
                        ("INSERT INTO words (words) VALUES ('delete-all')", "the index of words")):
        import_all("bad.db", path("small.mbox"))
        connection = sqlite3.connect(path("bad.db"))
        connection.execute(sql)
        connection.commit()
        connection.close()
        said = modus("verify", path("bad.db"), status=1)
        assert f": {reason}" in said, f"{sql}: {said}"
        for end in ("", "-wal", "-shm", "-queue"):
            if os.path.exists(path("bad.db" + end)):
                os.remove(path("bad.db" + end))
    put("cut.db", get("small.db")[:20_000])
    for name in ("cut.db", "small.mbox", "none.db"):
        modus("verify", path(name), status=1)


def test_usage():
    """wrong usage is told, and help given"""
    for words in ((), ("import",), ("import", "a.db", "b"), ("export", "a.db"), ("verify",), ("user", "a.db"),
                  ("frobnicate",), ("import", "--board", "no name", "a.db", "b")):
        modus(*words, status=2)
    for words in (("--help",), ("import", "--help"), ("export", "--help"), ("verify", "--help"), ("user", "--help")):
        assert modus(*words).startswith("usage: modus board"), words
    small()
    said = modus("import", "--board", "nowhere", path("small.db"), path("small.mbox"), status=1)
    assert "no board nowhere" in said, said


def main():
    tests = [test for name, test in globals().items() if name.startswith("test_")]
    tap = Tap(len(tests))
    for test in tests:
        tap.result(test.__doc__, test)
    return 1 if tap.failed else 0


MESSAGES = mailbox_made.generate(COUNT)
ROOTS = [m for m in MESSAGES if not m.parent]
sys.exit(main())

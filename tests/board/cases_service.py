# SPDX-License-Identifier: MIT
"""The service and its file: what lasts, what is refused, what the store's failures are told as."""
import hashlib
import os
import shutil
import sqlite3
import subprocess

from stage import PASSWORD, case, same

NOBODY = 65534


@case("all is there after a restart", alone=True)
def restart(stage):
    place = stage.place()
    stage.serve(place)
    c = stage.user("alice")
    topic, post = stage.topic(c, "Lasting", ["first", ".", ""])
    c.post(f"REPLY {post}", "second", 240)
    stage.promote(c)
    c.ask(f"LOCK {topic}", 245)
    lines = f"READ {topic}", "LIST", "LIST general", "SEARCH second"
    before = [str(c.ask(line, 215, 216, 218, 220)) for line in lines]
    stage.serve(place)
    d = stage.guest()
    same("all", [str(d.ask(line, 215, 216, 218, 220)) for line in lines], before)
    stage.become(d, c.name, login=True)
    d.ask(f"UNLOCK {topic}", 246)
    same("the next position", d.post(f"POST {topic}", "third", 240).words[1:3], [topic, "3"])


@case("others cannot read the file, in which passwords are", alone=True)
def modes(stage):
    place = stage.place()
    stage.serve(place)
    stage.user()
    files = [name for name in os.listdir(place.folder) if name.startswith("posts.db")]
    same("files", sorted(files)[:2], ["posts.db", "posts.db-queue"])
    same("their modes", {oct(os.stat(os.path.join(place.folder, name)).st_mode & 0o777) for name in files}, {"0o600"})


@case("boards that the config adds, retitles and forgets", alone=True)
def boards(stage):
    place = stage.place()
    stage.serve(place)
    topic, _ = stage.topic(stage.user(), board="Quiet")
    place.boards = ("general", "Retitled"), ("added", "New here")
    stage.serve(place)
    c = stage.guest()
    rows = [row.split(" ", 4)[1:] for row in c.ask("LIST", 215).rows]
    same("boards", [(r[0], r[3]) for r in rows],
         [("added", "New here"), ("general", "Retitled"), ("Quiet", "-"), ("umlaut", "Größe – ☃")])
    c.ask(f"READ {topic}", 220)


@case("a server that stops closes connections that wait", alone=True)
def stops(stage):
    stage.serve(stage.place())
    c = stage.user()
    topic, _ = stage.topic(c)
    c.ask(f"POST {topic}", 340)
    c.send("half a post")
    stage.clients.clear()
    stage.end_services()
    same("what is told", [r.code for r in iter(c.reply, None)], [])
    c.close()


def refused(stage, place, *words):
    """The file is refused with these words, and stays as it is."""
    def state():
        if not os.path.isfile(place.file):
            return os.path.exists(place.file)
        with open(place.file, "rb") as f:
            return hashlib.sha256(f.read()).hexdigest()

    before, beside = state(), set(os.listdir(place.folder)) | {"conf", "log", "posts.db-queue"}
    said = place.refused()
    for word in (place.file, *words):
        same(f"the words {word!r} in {said!r}", word in said, True)
    same("the file", state(), before)
    same("what is beside it", set(os.listdir(place.folder)) - beside, set())


def made(stage):
    """A place whose file was made by a server, all of it in the file itself."""
    place = stage.place()
    stage.serve(place)
    stage.topic(stage.user())
    stage.end_services()
    db = sqlite3.connect(place.file)
    db.execute("PRAGMA journal_mode = DELETE")
    db.close()
    return place


def change(place, sql):
    db = sqlite3.connect(place.file)
    with db:
        db.executescript(sql)
    db.close()


@case("the file of a newer version is refused", alone=True)
def newer(stage):
    place = made(stage)
    change(place, "PRAGMA user_version = 99")
    refused(stage, place, "newer", "99")


@case("a file that is no board's is refused", alone=True)
def foreign(stage):
    place = stage.place()
    change(place, "CREATE TABLE posts (x); INSERT INTO posts VALUES (1)")
    refused(stage, place, "not a board's")


@case("a file that is no database is refused", alone=True)
def no_database(stage):
    place = stage.place()
    for content in b"hello, world\n" * 500, b"\0" * 8192, os.urandom(8192), b"SQLite format 3\0" + b"\xff" * 4096:
        with open(place.file, "wb") as f:
            f.write(content)
        refused(stage, place, "database")


@case("a file that was cut is refused, or read as far as it is whole", alone=True)
def cut(stage):
    place = made(stage)
    os.truncate(place.file, os.path.getsize(place.file) // 2)
    size = os.path.getsize(place.file)
    try:
        stage.serve(place, may_log="error board")
        stage.guest().ask("LIST", 215, 451)
    except Exception as e:
        same(f"an error is told: {e}", "error" in str(e), True)
    same("it was not cut further", os.path.getsize(place.file) >= size, True)


@case("a folder, and a file in no folder, are refused", alone=True)
def folder(stage):
    place = stage.place()
    os.mkdir(place.file)
    refused(stage, place, "unable to open")
    refused(stage, stage.place(file=os.path.join(place.folder, "none", "posts.db")), "unable to open")
    refused(stage, stage.place(file=place.file + "/"), "unable to open")


@case("a file that must not be written is refused", alone=True)
def unwritable(stage):
    place = made(stage)
    place.transport = "tcp4"  # only the file is not to be written
    who = {}
    if os.geteuid() == 0:
        who = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        try:
            ran = subprocess.run(place.modus("version")[:2], **who, capture_output=True, check=False).returncode
        except OSError as e:
            ran = e
        if ran != 0:
            return f"the build cannot be run as another user than root: {ran}"
    os.chmod(place.file, 0o444)
    for mode in 0o755, 0o777:
        os.chmod(place.folder, mode)
        before = os.stat(place.file).st_mtime_ns
        said = place.refused(**who)
        same(f"the file's name in {said!r}", place.file in said, True)
        same("the file", os.stat(place.file).st_mtime_ns, before)
    return None


@case("settings that do not fit are refused, with the reason", alone=True)
def misfits(stage):
    rows = [({"file": None}, "file: missing"), ({"file": ":memory:"}, ":memory:"), ({"file": ""}, "file"),
            ({"title": "a\x1b[2J"}, "title"), ({"page": 0}, "page"), ({"max_lines": 0}, "max_lines"),
            ({"max_post": "0"}, "max_post"), ({"password_cost": 99}, "password_cost"), ({"pages": 1}, "pages")]
    for name in "", "9x", "_x", "two words", "Größe", "x" * 25, "a/b":
        rows.append(({"boards": (("general", ""), (name, ""))}, "boards.name"))
    for title in "\u202e", "a\u2028b", "x" * 101:
        rows.append(({"boards": (("general", title),)}, "boards.title"))
    for settings, words in rows:
        place = stage.place(**settings)
        said = place.refused()
        same(f"{words!r} in {said!r}", words in said and "conf:" in said, True)
        same("no file was made", os.path.exists(place.file or "") or os.path.exists(":memory:"), False)


@case("the two sorts of models, and a plugin that is for one of them", alone=True)
def serial(stage):
    place = stage.place()
    place.write_config()
    path = os.path.join(place.folder, "conf")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    with open(path, "w", encoding="utf-8") as f:
        f.write(text[:text.index("handler")] + 'handler = "serial"; } );\n')
    ran = subprocess.run(place.modus("check"), capture_output=True, text=True, check=False)
    reason = "serial" in ran.stderr and "MODUS_REENTRANT" in ran.stderr
    same(ran.stderr, (ran.returncode, reason), (0, False) if stage.model in ("iterative", "fork") else (1, True))


@case("451 where the store fails, and is told in the log", alone=True)
def fails(stage):
    service = stage.serve(stage.place(), may_log="the store failed")
    c = stage.user()
    topic, _ = stage.topic(c)
    service.sql("ALTER TABLE posts RENAME TO lost")
    c.ask("SHOW 1", 451)
    c.post(f"POST {topic}", "not kept", 451)
    c.ask("NOOP", 200)
    same("the log", "error" in service.log(), True)
    service.sql("ALTER TABLE lost RENAME TO posts")
    c.ask("LIST", 215)
    same("posts", c.ask(f"READ {topic}", 220).words[3], "1")
    c.post(f"POST {topic}", "kept", 240)


@case("452 where there is no room", alone=True)
def full(stage):
    if not shutil.which("unshare"):
        return "unshare is not installed"
    place = stage.place()
    disk = os.path.join(place.folder, "disk")
    os.mkdir(disk)
    place.file = os.path.join(disk, "posts.db")
    mount = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-ec",
             'mount -t tmpfs -o size=700k disk "$0" && exec "$@"', disk]
    if subprocess.run(mount + ["true"], capture_output=True, check=False).returncode:
        return "a file system of one's own cannot be mounted here"
    place.wrap = mount
    stage.serve(place)
    c = stage.user()
    topic, _ = stage.topic(c)
    position = 1
    while (reply := c.post(f"POST {topic}", ["x" * 900] * 4, 240, 452)).code == 240:
        position += 1
        same("it is full some day", position < 1000, True)
    same("posts", c.ask(f"READ {topic}", 220).words[3], str(position))
    c.ask(f"REGISTER {stage.name()} {PASSWORD}", 441)
    return None

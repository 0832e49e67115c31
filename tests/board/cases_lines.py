# SPDX-License-Identifier: MIT
"""Lines, commands and their arguments: the grammar."""
import socket

from stage import case, same

VERBS = ("HELP NOOP QUIT LIST OPEN READ SHOW SEARCH WHO REGISTER LOGIN LOGOUT PASSWD NEW POST REPLY EDIT DELETE "
         "WATCH UNWATCH HIDE UNHIDE LOCK UNLOCK BAN UNBAN").split()
UNFIT = ["\0", "\x01", "\x07", "\x08", "\x0b", "\x1b[2J", "\x1f", "\x7f", "\t", "\r", "\u0080", "\u0085", "\u009b",
         "\u2028", "\u2029", *map(chr, range(0x202a, 0x202f)), *map(chr, range(0x2066, 0x206a))]
NOT_UTF8 = [b"\xff", b"\x80", b"\xc3", b"\xc0\xaf", b"\xe0\x80\xaf", b"\xe2\x98", b"\xed\xa0\x80", b"\xf0\x82\x82\xac",
            b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80"]
FIT = ["é", "ß", "☃", "漢字", "\U0001f600", "a\u0301", "\u200d", "\u200f", "\ufeff", "\u00a0", "\U0010fffd"]


@case("a greeting with the title")
def greeting(stage):
    same("the greeting", stage.guest(greeted=False).want(200).text[:11], "modus board")


@case("lines end with CR LF or LF")
def line_ends(stage):
    c = stage.guest()
    c.send(b"NOOP\r\nNOOP\nHELP NOOP\r\nNOOP\n")
    for code in 200, 200, 100, 200:
        c.want(code)


@case("verbs in any case")
def any_case(stage):
    c = stage.guest()
    for verb in "noop", "NoOp", "nOOP":
        c.ask(verb, 200)
    same("help", c.ask("help nOoP", 100).rows, c.ask("HELP NOOP", 100).rows)


@case("many blanks between arguments and at the end")
def blanks(stage):
    c = stage.user()
    topic, _ = stage.topic(c)
    c.ask("NOOP" + " " * 500, 200)
    same("READ", c.ask(f"READ   {topic}     1   1    ", 220).split(7)[:4], [topic, "1", "1", "1"])
    same("LIST", c.ask("LIST    general     1 ", 216).words[:2], ["general", "1"])


@case("500 for what is no command")
def no_command(stage):
    c = stage.guest()
    for line in "", " ", " NOOP", "NOOPS", "NO", "GET / HTTP/1.1", "Größe", "220 1", ".", "x" * 998:
        c.ask(line, 500)
    c.ask("HELP nosuch", 500)
    c.ask("NOOP", 200)


@case("100 has all commands, or one")
def helps(stage):
    c = stage.guest()
    same("verbs", [row.split()[0] for row in c.ask("HELP", 100).rows], VERBS)
    for verb in VERBS:
        rows = c.ask(f"HELP {verb.lower()}", 100).rows
        same("rows", [row.split()[0] for row in rows], [verb])


@case("501 for wrong arguments")
def wrong_arguments(stage):
    c = stage.guest()
    numbers = ["x", "0", "-1", "+1", "1x", "01", "1.0", "0x1", "9" * 19, "1\u0661"]
    lines = ["NOOP x", "QUIT now", "OPEN", "READ", "SHOW", "SEARCH", "SEARCH    ", "WHO x", "REGISTER", "REGISTER x", "LOGIN",
             "LOGIN x", "LIST general 1 1", "READ 1 1 1 1", "WATCH", "WATCH 0", "WATCH 01", "UNWATCH x"]
    for n in numbers:
        lines += [f"READ {n}", f"READ 1 {n}", f"READ 1 1 {n}", f"SHOW {n}", f"LIST general {n}"]
    for line in lines:
        c.ask(line, 501)
    stage.moderator(c)
    c.ask("OPEN general", 211)
    lines = ["LOGOUT x", "PASSWD", "PASSWD x", "NEW", "POST", "REPLY", "EDIT", "DELETE", "HIDE", "UNHIDE", "LOCK",
             "UNLOCK", "BAN", "UNBAN"]
    for n in numbers:
        lines += [f"{verb} {n}" for verb in ("POST", "REPLY", "EDIT", "DELETE", "HIDE", "UNHIDE", "LOCK", "UNLOCK")]
    for line in lines:
        c.ask(line, 501)
    c.ask("NOOP", 200)


@case("440, 441 and 442 for who may not")
def who_may(stage):
    c = stage.guest()
    for line in ("LOGOUT", "PASSWD old-horse new-horse", "NEW subject", "POST 1", "REPLY 1", "EDIT 1", "DELETE 1"):
        c.ask(line, 440)
    moderators = "HIDE 1", "UNHIDE 1", "LOCK 1", "UNLOCK 1", "BAN x", "UNBAN x"
    for line in moderators:
        c.ask(line, 440, 442)
    stage.become(c, stage.name())
    for line in moderators:
        c.ask(line, 442)
    c.ask(f"REGISTER {stage.name()} right-horse", 441)
    c.ask(f"LOGIN {c.name} right-horse", 441)


@case("pipelined commands are answered in their order")
def pipelined(stage):
    c = stage.guest()
    lines = {"NOOP": 200, "HELP QUIT": 100, "nosuch": 500, "LIST": 215, "LIST nosuch": 411, "LOGOUT": 440,
             "SHOW 999999999": 413}
    c.send(*list(lines) * 40)
    for code in list(lines.values()) * 40:
        c.want(code)


@case("a line of 1,000 bytes is taken, a longer one is 502")
def long_lines(stage):
    c = stage.guest()
    for end in b"\r\n", b"\n":
        c.ask(b"SEARCH ".ljust(1000 - len(end), b"x") + end, 218)
        c.ask(b"SEARCH ".ljust(1001 - len(end), b"x") + end, 502)
        c.ask(b"NOOP".ljust(1000 - len(end)) + end, 200)
    for n in 1001, 1999, 2000, 4096, 65536, 300000:
        c.ask(b"x" * n + b"\r\nNOOP\r\n", 502)
        c.want(200)
    c.ask(b"\xff" * 2000 + b"\n", 502)
    c.send(b"NOOP\n" + b" " * 1000 + b"NOOP\nNOOP\n")
    for code in 200, 502, 200:
        c.want(code)


@case("a dialogue sent byte by byte")
def byte_by_byte(stage):
    c = stage.user()
    if c.socket.family == socket.AF_INET:
        c.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for byte in "OPEN general\r\nNEW Tröpfchen\r\nein\r\n..\r\n.\r\nNOOP\r\n".encode():
        c.send(bytes([byte]))
    c.want(211)
    c.want(340)
    post = c.want(240).words[0]
    c.want(200)
    same("the body", c.ask(f"SHOW {post}", 221).posts[0].body, ["ein", "."])


@case("503 for what is not UTF-8, or moves a terminal")
def unfit(stage):
    c = stage.user()
    for bad in [text.encode() for text in UNFIT] + NOT_UTF8:
        c.ask(b"SEARCH a" + bad + b"b\r\n", 503)
        c.ask(b"NOOP" + bad + b"\r\n" if bad != b"\r" else b"\rNOOP\r\n", 503)
    c.ask("OPEN general", 211)
    c.ask("NEW a\u202eb", 503)
    c.ask("NOOP", 200)


@case("all other characters are taken")
def fit(stage):
    c = stage.user()
    subject = "a" + "b".join(FIT) + "c"
    topic, post = stage.topic(c, subject, subject)
    same("the subject", c.ask(f"READ {topic}", 220).split(7)[6], subject)
    same("the body", c.ask(f"SHOW {post}", 221).posts[0].body, [subject])


@case("205, and what follows QUIT is not answered")
def quits(stage):
    c = stage.guest()
    c.send("NOOP", "QUIT", "NOOP", "nosuch")
    same("the replies", [r.code for r in c.end()], [200, 205])


@case("all replies come after the client's last word")
def half_closed(stage):
    c = stage.guest()
    c.send(*["LIST"] * 50)
    same("the replies", [r.code for r in c.end()], [215] * 50)


@case("half a line and then the end is no command")
def half_a_line(stage):
    c = stage.guest()
    c.send("NOOP", b"NOOP")
    same("the replies", [r.code for r in c.end()], [200])
    c.close()
    c = stage.guest()
    c.send(b"QUI")
    c.close()
    stage.guest().ask("NOOP", 200)

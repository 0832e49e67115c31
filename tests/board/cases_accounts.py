# SPDX-License-Identifier: MIT
"""REGISTER, LOGIN, LOGOUT, PASSWD, WHO; what failed logins cost."""
import time

from service import await_that
from stage import PASSWORD, case, same

WRONG = "wrong-horse"


@case("280 with a name; 445 for one that is taken, in any case")
def register(stage):
    c = stage.guest()
    name = stage.name("Alice")
    same("the name", c.ask(f"REGISTER {name} {PASSWORD}", 280).words[0], name)
    c.ask("LOGOUT", 282)
    for other in name, name.upper(), name.lower():
        c.ask(f"REGISTER {other} {PASSWORD}", 445)
    c.ask("LOGOUT", 440)
    c.ask("NOOP", 200)


@case("names and passwords that are fit, and that are not")
def fitness(stage):
    c = stage.guest()
    for name in "9x", "_x", "-x", "a.b", "a@b", "Größe", "a/b", "x" * 25, "a%s":
        c.ask(f"REGISTER {name} {PASSWORD}", 501)
    for password in "1234567", "x" * 101, "ö" * 51, "two words":
        c.ask(f"REGISTER {stage.name()} {password}", 501)
    for name in stage.name("a_-").ljust(24, "x"), stage.name("Z"):
        c.ask(f"REGISTER {name} {PASSWORD}", 280)
        c.ask("LOGOUT", 282)
    for password in "12345678", "x" * 100, "ö" * 50, "%s%n$y$*.':":
        name = stage.name()
        for line, code in (f"REGISTER {name} {password}", 280), (f"LOGIN {name} {password}", 281):
            c.ask(line, code)
            c.ask("LOGOUT", 282)


@case("281 in any case, with the name as it was registered")
def login(stage):
    c = stage.user("Alice")
    c.ask("LOGOUT", 282)
    same("the name", c.ask(f"LOGIN {c.name.upper()} {PASSWORD}", 281).words[0], c.name)
    c.ask("LOGOUT", 282)
    c.ask("LOGOUT", 440)


@case("446 where nobody can register", alone=True)
def closed(stage):
    stage.serve(stage.place(registration=False))
    c = stage.guest()
    c.ask(f"REGISTER alice {PASSWORD}", 446)
    c.ask("LOGOUT", 440)


def wait_out(client, command, code):
    """Gives it until it is no longer 448."""
    replies = []
    await_that("the throttle", lambda: replies.append(client.ask(command, 448, code)) or replies[-1].code == code)
    return replies[-1]


@case("447 for a wrong name or password; 448 after three of them", alone=True)
def throttle(stage):
    stage.serve(stage.place())
    c = stage.user("alice")
    name = c.name
    c.ask(f"PASSWD {WRONG} other-horse", 447)
    c.ask("LOGOUT", 282)
    c.ask(f"LOGIN nobody {PASSWORD}", 447)
    c.ask(f"LOGIN {name} {PASSWORD.upper()}", 447)
    began = time.monotonic()
    wait = c.ask(f"LOGIN {name} {PASSWORD}", 448).words[0]
    same("seconds to wait", wait, "1")
    c.ask("LOGOUT", 440)
    c.close()
    c = stage.guest()
    wait_out(c, f"LOGIN {name} {WRONG}", 447)
    same("a second has passed", time.monotonic() - began > 0.9, True)
    same("seconds to wait", c.ask(f"LOGIN {name} {PASSWORD}", 448).words[0] in ("1", "2"), True)
    wait_out(c, f"LOGIN {name} {PASSWORD}", 281)


@case("448 for PASSWD, too", alone=True)
def throttle_passwd(stage):
    stage.serve(stage.place())
    c = stage.user()
    for _ in range(3):
        c.ask(f"PASSWD {WRONG} other-horse", 447)
    c.ask(f"PASSWD {PASSWORD} other-horse", 448)
    wait_out(c, f"PASSWD {PASSWORD} other-horse", 283)


@case("many right logins at once are no failures", crowd=True, alone=True)
def logins_at_once(stage):
    stage.serve(stage.place())
    name = stage.user().name
    stage.close_clients()
    clients = [stage.guest() for _ in range(6)]
    for _ in range(5):
        for c in clients:
            c.send(f"LOGIN {name} {PASSWORD}", "LOGOUT")
        for c in clients:
            c.want(281)
            c.want(282)


@case("a name that two register at once is one's", crowd=True)
def register_at_once(stage):
    clients = [stage.guest() for _ in range(4)]
    for _ in range(5):
        name = stage.name()
        for c in clients:
            c.send(f"REGISTER {name} {PASSWORD}")
        codes = [c.want(280, 445).code for c in clients]
        same("replies", sorted(codes), [280, 445, 445, 445])
        clients[codes.index(280)].ask("LOGOUT", 282)


@case("a right login is no failure", alone=True)
def right_logins(stage):
    stage.serve(stage.place())
    c = stage.user()
    for _ in range(12):
        stage.become(c, c.name, login=True)
    c.ask("LOGOUT", 282)
    for _ in range(2):
        c.ask(f"LOGIN {c.name} {WRONG}", 447)
    for _ in range(6):
        c.ask(f"LOGIN {c.name} {PASSWORD}", 281)
        c.ask("LOGOUT", 282)
    c.ask(f"LOGIN {c.name} {WRONG}", 447)
    wait_out(c, f"LOGIN {c.name} {PASSWORD}", 281)
    c.ask("LOGOUT", 282)
    c.ask(f"LOGIN {c.name} {PASSWORD}", 281)


@case("PASSWD: the new one holds, the old one no longer", alone=True)
def passwd(stage):
    stage.serve(stage.place())
    c = stage.user()
    for new in "short", "x" * 101, "two words":
        c.ask(f"PASSWD {PASSWORD} {new}", 501)
    c.ask(f"PASSWD {PASSWORD} other-horse", 283)
    c.ask("LOGOUT", 282)
    c.ask(f"LOGIN {c.name} {PASSWORD}", 447)
    c.ask(f"LOGIN {c.name} other-horse", 281)


def who(client):
    reply = client.ask("WHO", 217)
    return reply.words[:2], [row.split(" ")[1:3] for row in reply.rows]


@case("WHO tells of guests, users and moderators", alone=True)
def who_alone(stage):
    stage.serve(stage.place())
    c = stage.guest()
    same("a guest", who(c), (["0", "1"], []))
    stage.become(c, "alice")
    same("a user", who(c), (["1", "0"], [["alice", "user"]]))
    stage.promote(c)
    same("a moderator", who(c), (["1", "0"], [["alice", "moderator"]]))
    c.ask("LOGOUT", 282)
    same("a guest again", who(c), (["0", "1"], []))


@case("WHO with clients that come and go", crowd=True, alone=True)
def who_many(stage):
    stage.serve(stage.place())
    a, b, c = stage.user("alice"), stage.user("bob"), stage.guest()
    stage.promote(b)
    same("three", [count for count in who(c)[0]], ["2", "1"])
    same("two users", sorted(who(a)[1]), [[a.name, "user"], [b.name, "moderator"]])
    b.close()
    await_that("bob is gone", lambda: who(a) == (["1", "1"], [[a.name, "user"]]))
    d = stage.become(stage.guest(), a.name, login=True)
    same("twice the same", who(d), (["2", "1"], [[a.name, "user"]] * 2))
    a.ask("QUIT", 205)
    await_that("one is gone", lambda: who(d) == (["1", "1"], [[d.name, "user"]]))

# SPDX-License-Identifier: MIT
"""HIDE, LOCK, BAN, and what they mean for others."""
from stage import PASSWORD, case, same


def show(client, post):
    return client.ask(f"SHOW {post}", 221).posts[0]


@case("HIDE: only moderators see the body")
def hide(stage):
    c = stage.user("alice")
    alice = c.name
    topic, post = stage.topic(c, "Matter", "hiddenword")
    stage.moderator(c)
    moderator = c.name
    same("HIDE", c.ask(f"HIDE {post}", 243).words[0], post)
    same("to a moderator", (show(c, post).state, show(c, post).body), ("hidden", ["hiddenword"]))
    same("found by one", c.ask("SEARCH hiddenword", 218).words[0], "1")
    for name in alice, None:
        stage.become(c, name, login=True) if name else c.ask("LOGOUT", 282)
        same("to others", (show(c, post).state, show(c, post).body), ("hidden", []))
        same("READ", [(p.state, p.body) for p in c.ask(f"READ {topic}", 220).posts], [("hidden", [])])
        reply = c.ask("SEARCH hiddenword", 218)
        same("found by others", (reply.words[0], reply.rows), ("0", []))
    c.name = None
    stage.become(c, moderator, login=True)
    same("UNHIDE", c.ask(f"UNHIDE {post}", 244).words[0], post)
    same("shown", (show(c, post).state, show(c, post).body), ("-", ["hiddenword"]))
    for verb in "HIDE", "UNHIDE":
        c.ask(f"{verb} 999999999", 413)


def subjects(client, topic, word):
    """The topic's subject, as LIST, READ and SEARCH have it."""
    listed = [row.split(" ", 5)[5] for row in client.ask("LIST Quiet", 216).rows if row.split(" ")[1] == topic]
    found = [row.split(" ", 5)[5] for row in client.ask(f"SEARCH {word}", 218).rows]
    return listed + [client.ask(f"READ {topic}", 220).split(7)[6]] + found


def found(client, words):
    return client.ask(f"SEARCH {words}", 218).words[0]


@case("a subject goes with the first post that is hidden, or deleted")
def subject(stage):
    c = stage.user("alice")
    alice = c.name
    topic, post = stage.topic(c, "Umbraword", "a body", board="Quiet")
    answer = c.post(f"POST {topic}", "lightword", 240).words[0]
    same("at first", subjects(c, topic, "lightword"), ["Umbraword"] * 3)
    same("found by the subject", (found(c, "umbraword"), found(c, "umbraword lightword")), ("2", "1"))
    stage.moderator(c)
    moderator = c.name
    for line, code in (f"HIDE {answer}", 243), (f"UNHIDE {answer}", 244):
        c.ask(line, code)
        same("another post", subjects(c, topic, "lightword"), ["Umbraword"] * 3)
    c.ask(f"HIDE {post}", 243)
    same("to a moderator", subjects(c, topic, "lightword"), ["Umbraword"] * 3)
    same("found by one", (found(c, "umbraword"), found(c, "umbraword lightword")), ("2", "1"))
    for name in alice, None:
        stage.become(c, name, login=True) if name else c.ask("LOGOUT", 282)
        same("to others", subjects(c, topic, "lightword"), ["(hidden)"] * 3)
        same("found by others", [found(c, words) for words in ("umbraword", "umbraword lightword", '" umbraword')],
             ["0"] * 3)
    c.name = None
    stage.become(c, moderator, login=True)
    c.ask(f"UNHIDE {post}", 244)
    same("shown", subjects(c, topic, "umbraword"), ["Umbraword"] * 4)
    c.ask(f"DELETE {post}", 242)
    same("deleted", subjects(c, topic, "lightword"), ["(deleted)"] * 3)
    same("found then", (found(c, "umbraword"), found(c, "umbraword lightword")), ("0", "0"))
    same("in the file", stage.service.sql("SELECT subject FROM topics WHERE id = ?", topic), [("",)])


@case("LOCK: nobody writes to the topic")
def lock(stage):
    c = stage.user("alice")
    alice = c.name
    topic, post = stage.topic(c, board="Quiet")
    stage.moderator(c)
    moderator = c.name
    same("LOCK", c.ask(f"LOCK {topic}", 245).words[0], topic)
    c.post(f"POST {topic}", "a moderator's", 443)
    stage.become(c, alice, login=True)
    for command in f"POST {topic}", f"REPLY {post}", f"EDIT {post}":
        c.ask(command, 443)
    c.ask(f"DELETE {post}", 443)
    reply = c.ask(f"READ {topic}", 220)
    same("READ", (reply.words[5], [p.body for p in reply.posts]), ("locked", [["a body"]]))
    same("LIST", c.ask("LIST Quiet", 216).rows[0].split(" ")[1:5:3], [topic, "locked"])
    stage.become(c, moderator, login=True)
    same("UNLOCK", c.ask(f"UNLOCK {topic}", 246).words[0], topic)
    stage.become(c, alice, login=True)
    same("POST", c.post(f"POST {topic}", "more", 240).words[2], "2")
    stage.become(c, moderator, login=True)
    for verb in "LOCK", "UNLOCK":
        c.ask(f"{verb} 999999999", 412)


@case("BAN: who is banned writes nothing, and may do all else")
def ban(stage):
    c = stage.user("alice")
    alice = c.name
    topic, post = stage.topic(c)
    stage.moderator(c)
    moderator = c.name
    same("BAN", c.ask(f"BAN {alice.upper()}", 247).words[0].lower(), alice)
    stage.become(c, alice, login=True)
    c.ask("OPEN general", 211)
    for command in "NEW subject", f"POST {topic}", f"REPLY {post}", f"EDIT {post}":
        c.ask(command, 442)
    c.ask(f"DELETE {post}", 442)
    same("READ", [p.body for p in c.ask(f"READ {topic}", 220).posts], [["a body"]])
    for line, code in ("LIST", 215), (f"SHOW {post}", 221), ("SEARCH body", 218), (f"WATCH {topic}", 285), ("WHO", 217):
        c.ask(line, code)
    for old, new in (PASSWORD, "other-horse"), ("other-horse", PASSWORD):
        c.ask(f"PASSWD {old} {new}", 283)
    stage.become(c, moderator, login=True)
    same("UNBAN", c.ask(f"UNBAN {alice}", 248).words[0], alice)
    stage.become(c, alice, login=True)
    c.post(f"POST {topic}", "again", 240)
    stage.become(c, moderator, login=True)
    for verb in "BAN", "UNBAN":
        for name in "nosuch", "Größe", "x" * 100:
            c.ask(f"{verb} {name}", 414)


@case("moderators delete what others wrote")
def delete(stage):
    c = stage.user("alice")
    topic, post = stage.topic(c)
    stage.moderator(c)
    c.ask(f"LOCK {topic}", 245)
    c.ask(f"DELETE {post}", 242)
    same("the post", (show(c, post).state, show(c, post).body), ("deleted", []))
    c.ask(f"DELETE {post}", 413)


@case("a banned moderator may only read")
def banned_moderator(stage):
    c = stage.user("alice")
    topic, post = stage.topic(c)
    stage.moderator(c)
    c.ask(f"BAN {c.name}", 247)
    for line in (f"HIDE {post}", f"UNHIDE {post}", f"LOCK {topic}", f"UNLOCK {topic}", f"DELETE {post}", "BAN alice",
                 f"UNBAN {c.name}"):
        c.ask(line, 442)
    same("the post", show(c, post).state, "-")


@case("who is a moderator no more reads nothing hidden")
def banned_reader(stage):
    c = stage.user("alice")
    _, post = stage.topic(c)
    stage.moderator(c)
    c.ask(f"HIDE {post}", 243)
    same("the body before", len(show(c, post).body) > 0, True)
    c.ask(f"BAN {c.name}", 247)
    same("the body after", show(c, post).body, [])


@case("a post that was begun before LOCK, BAN or DELETE", crowd=True)
def begun_before(stage):
    c, m = stage.user("alice"), stage.moderator()
    topic, post = stage.topic(c)
    lines = {"LOCK": (f"LOCK {topic}", 245, 443), "BAN": (f"BAN {c.name}", 247, 442)}
    undo = {"LOCK": (f"UNLOCK {topic}", 246), "BAN": (f"UNBAN {c.name}", 248)}
    for what, (line, done, refused) in lines.items():
        for command in f"POST {topic}", f"REPLY {post}", f"EDIT {post}":
            c.ask(command, 340)
            c.send("half a post")
            m.ask(line, done)
            c.send(".")
            c.want(refused)
            m.ask(*undo[what])
    c.ask(f"EDIT {post}", 340)
    m.ask(f"DELETE {post}", 242)
    c.send("anew", ".")
    c.want(413)
    same("posts", c.ask(f"READ {topic}", 220).words[3], "1")

# SPDX-License-Identifier: MIT
"""NEW, POST, REPLY, EDIT, DELETE: how posts are sent, and what becomes of them."""
from cases_lines import NOT_UTF8, UNFIT
from service import MAX_LINES, MAX_POST
from stage import case, same


def body_of(client, post):
    return client.ask(f"SHOW {post}", 221).posts[0].body


@case("NEW, POST and REPLY number their posts")
def numbers(stage):
    c = stage.user("alice")
    topic, first = stage.topic(c, "On   numbers", "one")
    second, *where = c.post(f"POST {topic}", "two", 240).words[:3]
    same("the second", where, [topic, "2"])
    third, *where = c.post(f"REPLY {first}", "three", 240).words[:3]
    same("the third", where, [topic, "3"])
    same("ascending", int(first) < int(second) < int(third), True)
    reply = c.ask(f"READ {topic}", 220)
    same("READ", reply.split(7), [topic, "1", "3", "3", "general", "open", "On   numbers"])
    want = [(first, "1", "-", ["one"]), (second, "2", "-", ["two"]), (third, "3", first, ["three"])]
    same("posts", [(p.post, p.position, p.reply_to, p.body) for p in reply.posts], want)
    same("authors and states", {(p.author, p.state) for p in reply.posts}, {(c.name, "-")})


@case("410 where no board is open")
def no_board(stage):
    stage.user().ask("NEW subject", 410)


@case("a subject of 200 bytes is taken, a longer one is 501")
def subjects(stage):
    c = stage.user()
    for subject in "s" * 200, "ö" * 100:
        topic, _ = stage.topic(c, subject)
        same("the subject", c.ask(f"READ {topic}", 220).split(7)[6], subject)
        c.ask(f"NEW {subject}x", 501)


@case("412 and 413 for what there is not")
def nothing_there(stage):
    c = stage.user()
    for n in "999999999", "9" * 18:
        c.ask(f"POST {n}", 412)
        for verb in "REPLY", "EDIT", "DELETE":
            c.ask(f"{verb} {n}", 413)


@case("a body comes back as it was, dots and all")
def bodies(stage):
    c = stage.user()
    body = [".", "..", ".x", "..x", "", "...", " blank first", "blank last ", "\ttab\t", "post 1 1 - - - x", "240 1 1 1",
            "QUIT", "Grüße, 漢字 \U0001f600", "%s%n", "'; DROP TABLE posts; --", ""]
    _, post = stage.topic(c, body=body)
    same("the body", body_of(c, post), body)
    same("an edited one", c.post(f"EDIT {post}", body[::-1], 241).words[0], post)
    same("the body", body_of(c, post), body[::-1])


@case("a dot that was not doubled is not of the text")
def single_dots(stage):
    c = stage.user()
    topic, _ = stage.topic(c)
    c.ask(f"POST {topic}", 340)
    c.send(b".x\n..\r\n. \n.\n")
    same("the body", body_of(c, c.want(240).words[0]), ["x", ".", " "])


@case("a post and its command in one piece")
def in_one_piece(stage):
    c = stage.user()
    topic, _ = stage.topic(c)
    c.send(*[f"POST {topic}", "a body", "."] * 20, "NOOP")
    for position in range(2, 22):
        c.want(340)
        same("topic and position", c.want(240).words[1:3], [topic, str(position)])
    c.want(200)


@case("commands within a post are its text")
def commands_within(stage):
    c = stage.user()
    _, post = stage.topic(c, body=["LOGOUT", "QUIT", "NEW x"])
    same("the body", body_of(c, post), ["LOGOUT", "QUIT", "NEW x"])


def posts_of(client, topic):
    return client.ask(f"READ {topic}", 220).words[3]


@case("506 for a post without lines")
def empty(stage):
    c = stage.user()
    topic, post = stage.topic(c)
    for command in f"POST {topic}", f"REPLY {post}", f"EDIT {post}", "NEW nothing":
        c.ask(command, 340)
        c.ask(".", 506)
    same("posts", posts_of(c, topic), "1")
    same("the body", body_of(c, post), ["a body"])


@case("a post of max_post bytes is taken, a longer one is 504")
def big(stage):
    c = stage.user()
    topic, _ = stage.topic(c)
    lines = ["x" * 99] * (MAX_POST // 100)
    post = c.post(f"POST {topic}", lines, 240).words[0]
    same("the body", body_of(c, post), lines)
    c.post(f"POST {topic}", lines[1:] + ["x" * 100], 504)
    c.post(f"POST {topic}", ["x" * 990] * 300, 504)
    c.ask("NOOP", 200)
    same("posts", posts_of(c, topic), "2")


@case("a post of max_lines is taken, a longer one is 504")
def many_lines(stage):
    c = stage.user()
    topic, _ = stage.topic(c)
    post = c.post(f"POST {topic}", [""] * MAX_LINES, 240).words[0]
    same("the body", body_of(c, post), [""] * MAX_LINES)
    c.post(f"POST {topic}", ["y"] * (MAX_LINES + 1), 504)
    same("posts", posts_of(c, topic), "2")


@case("lines of 1,000 bytes are taken in a post, a longer one is 502")
def long_lines(stage):
    c = stage.user()
    topic, _ = stage.topic(c)
    for first in "x", "..":
        c.ask(f"POST {topic}", 340)
        c.send(first.ljust(998, "x"), b"x" * 999 + b"\n", ".")
        same("lengths", [len(line) for line in body_of(c, c.want(240).words[0])], [998 - (first == ".."), 999])
    for n in 999, 1000, 5000, 70000:
        c.post(f"POST {topic}", ["fine", "x" * n, "fine"], 502)
    same("posts", posts_of(c, topic), "3")


@case("503 for a post with what is not taken")
def unfit(stage):
    c = stage.user()
    topic, _ = stage.topic(c)
    for bad in [text.encode() for text in UNFIT if text != "\t"] + NOT_UTF8:
        c.ask(f"POST {topic}", 340)
        c.send("fine", b"a" + bad + b"b\r\n", "fine", ".")
        c.want(503)
    same("posts", posts_of(c, topic), "1")


@case("the first fault of a post is what is told")
def first_fault(stage):
    c = stage.user()
    topic, _ = stage.topic(c)
    faults = {502: ["x" * 1500], 503: ["\x1b"], 504: [""] * (MAX_LINES + 1)}
    for first in faults:
        for second in faults:
            c.post(f"POST {topic}", faults[first] + faults[second], first)
    same("posts", posts_of(c, topic), "1")


@case("the end within a post: nothing is kept")
def end_within(stage):
    c = stage.user()
    topic, _ = stage.topic(c)
    c.send(f"POST {topic}", "a line", b".")
    same("the replies", [r.code for r in c.end()], [340])
    c.close()
    c = stage.user()
    c.ask(f"POST {topic}", 340)
    c.send("a line")
    c.close()
    same("posts", posts_of(stage.guest(), topic), "1")


@case("EDIT: one's own posts only")
def edit(stage):
    c = stage.user("alice")
    topic, post = stage.topic(c)
    before = c.ask(f"SHOW {post}", 221).posts[0]
    same("the number", c.post(f"EDIT {post}", "anew", 241).words[0], post)
    same("the post", c.ask(f"SHOW {post}", 221).posts[0], before._replace(state="edited", body=["anew"]))
    stage.become(c, stage.name("bob"))
    c.ask(f"EDIT {post}", 442)
    stage.promote(c)
    c.ask(f"EDIT {post}", 442)
    same("the body", body_of(c, post), ["anew"])
    same("posts", posts_of(c, topic), "1")


@case("442 for what was imported under one's own name")
def imported(stage):
    c = stage.user("alice")
    topic, _ = stage.topic(c)
    stage.service.sql("INSERT INTO posts (topic, position, name, created, subject, body) "
                      "VALUES (?, 2, ?, 0, '', 'as it came')", topic, c.name)
    stage.service.sql("UPDATE topics SET posts = 2 WHERE id = ?", topic)
    post = c.ask(f"READ {topic} 2", 220).posts[0]
    same("its author", post.author, c.name)
    for verb in "EDIT", "DELETE":
        c.ask(f"{verb} {post.post}", 442)
    same("the body", body_of(c, post.post), ["as it came"])
    stage.promote(c)
    c.ask(f"EDIT {post.post}", 442)
    c.ask(f"DELETE {post.post}", 242)


@case("DELETE: an empty post stays")
def delete(stage):
    c = stage.user("alice")
    topic, post = stage.topic(c, "Passing", "soongone")
    alice, before = c.name, c.ask(f"SHOW {post}", 221).posts[0]
    stage.become(c, stage.name("bob"))
    c.ask(f"DELETE {post}", 442)
    stage.become(c, alice, login=True)
    same("the number", c.ask(f"DELETE {post}", 242).words[0], post)
    same("the post", c.ask(f"SHOW {post}", 221).posts[0], before._replace(state="deleted", body=[]))
    same("posts", posts_of(c, topic), "1")
    same("found", c.ask("SEARCH soongone", 218).words[0], "0")
    c.ask(f"DELETE {post}", 413)
    c.post(f"EDIT {post}", "again", 413)
    same("the next position", c.post(f"POST {topic}", "more", 240).words[2], "2")

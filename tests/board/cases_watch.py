# SPDX-License-Identifier: MIT
"""WATCH: what is told, to whom, and when."""
import threading

from service import await_that
from stage import case, same

POSTS, WRITERS = 50, 3


def told(client, n=1):
    return [client.next_told() for _ in range(n)]


def nothing(client):
    """Makes sure that nothing was told, by a round of something else."""
    client.ask("NOOP", 200)
    same("what is told", [str(t) for t in client.told], [])


@case("286, 285, 287: what is watched, one at a time")
def replies(stage):
    c = stage.user()
    topic, _ = stage.topic(c)
    same("a board", c.ask("WATCH GENERAL", 286).words[0], "general")
    same("a topic", c.ask(f"WATCH {topic}", 285).words[0], topic)
    c.ask("UNWATCH", 287)
    c.ask("UNWATCH", 287)
    c.ask("WATCH nosuch", 411)
    c.ask("WATCH 999999999", 412)


@case("one's own posts are told, after their reply")
def own(stage):
    c = stage.user()
    topic, _ = stage.topic(c)
    c.ask(f"WATCH {topic}", 285)
    c.ask(f"POST {topic}", 340)
    c.send("my own", ".")
    reply = c.reply()
    same("the reply", reply.code, 240)
    same("what is told", told(c)[0][3].post, reply.words[0])
    c.ask("UNWATCH", 287)
    c.post(f"POST {topic}", "not told", 240)
    nothing(c)


@case("a watch of a topic", crowd=True)
def topic_watch(stage):
    w, c = stage.guest(), stage.user()
    topic, _ = stage.topic(c, "The   subject")
    other, _ = stage.topic(c)
    w.ask(f"WATCH {topic}", 285)
    c.post(f"POST {other}", "another topic's", 240)
    post = c.post(f"POST {topic}", ["this", "", ".one"], 240).words[0]
    where, board, subject, got = w.next_told()
    same("what is told", (where, board, subject), (topic, "general", "The   subject"))
    same("the post", got, c.ask(f"SHOW {post}", 221).posts[0])
    nothing(w)


@case("a watch of a board", crowd=True)
def board_watch(stage):
    w, c = stage.guest(), stage.user()
    before, _ = stage.topic(c, "Before", board="Quiet")
    w.ask("WATCH quiet", 286)
    after, _ = stage.topic(c, "After", board="Quiet")
    stage.topic(c, board="general")
    c.post(f"POST {before}", "more", 240)
    same("what is told", [t[:3] for t in told(w, 2)], [(after, "Quiet", "After"), (before, "Quiet", "Before")])
    nothing(w)


@case("one watch ends the one before, UNWATCH all", crowd=True)
def change(stage):
    w, c = stage.guest(), stage.user()
    first, _ = stage.topic(c)
    second, _ = stage.topic(c)
    for command, code in ("WATCH general", 286), (f"WATCH {first}", 285), (f"WATCH {second}", 285):
        w.ask(command, code)
    c.post(f"POST {first}", "not told", 240)
    c.post(f"POST {second}", "told", 240)
    same("what is told", told(w)[0][0], second)
    w.ask("UNWATCH", 287)
    c.post(f"POST {second}", "not told", 240)
    nothing(w)


@case("what fails ends no watch", crowd=True)
def refused(stage):
    w, c = stage.guest(), stage.user()
    topic, _ = stage.topic(c)
    w.ask(f"WATCH {topic}", 285)
    w.ask("WATCH nosuch", 411)
    w.ask("WATCH 999999999", 412)
    c.post(f"POST {topic}", "told", 240)
    same("what is told", told(w)[0][0], topic)


@case("told while half a line is typed", crowd=True)
def half_a_line(stage):
    w, c = stage.guest(), stage.user()
    topic, _ = stage.topic(c)
    w.ask(f"WATCH {topic}", 285)
    for part in b"HEL", b"P NO", b"OP":
        w.send(part)
        post = c.post(f"POST {topic}", "meanwhile", 240).words[0]
        same("what is told", told(w)[0][3].post, post)
    w.send(b"\r\n")
    same("help", w.want(100).rows[0].split()[0], "NOOP")


@case("not told between 340 and the reply to the post, but after it", crowd=True)
def within_a_post(stage):
    w, c = stage.user("watcher"), stage.user()
    topic, _ = stage.topic(c)
    w.ask(f"WATCH {topic}", 285)
    for end in ["mine", "."], ["."], ["\x01", "."]:
        w.ask(f"POST {topic}", 340)
        w.send("half a post")
        others = [c.post(f"POST {topic}", "meanwhile", 240).words[0] for _ in range(3)]
        same("nothing is told", w.is_silent(), True)
        w.send(*end)
        reply = w.reply()
        same("the reply comes first", reply.code in (240, 503), True)
        mine = [reply.words[0]] if reply.code == 240 else []
        same("what is told", [t[3].post for t in told(w, 3 + len(mine))], others + mine)
    nothing(w)


@case("more than a hundred posts that came within a post", crowd=True)
def heap(stage):
    w, c = stage.user("watcher"), stage.user()
    topic, _ = stage.topic(c)
    w.ask(f"WATCH {topic}", 285)
    w.ask(f"POST {topic}", 340)
    for _ in range(25):
        c.send(*[f"POST {topic}", "one of many", "."] * 10)
        for _ in range(10):
            c.want(340)
            c.want(240)
    w.send(".", "NOOP")
    w.want(506)
    w.want(200)
    same("positions", [int(t[3].position) for t in told(w, 250)], list(range(2, 252)))
    nothing(w)


@case("50 posts of three writers are told once each, in their order", crowd=True)
def many(stage):
    writers = [stage.user("writer") for _ in range(WRITERS)]
    topic, _ = stage.topic(writers[0], board="umlaut")
    watchers = stage.guest(), stage.guest()
    watchers[0].ask(f"WATCH {topic}", 285)
    watchers[1].ask("WATCH umlaut", 286)
    posted, failures = [], []

    def write(client, share):
        try:
            for i in share:
                posted.append(int(client.post(f"POST {topic}", f"post {i}", 240).words[0]))
        except Exception as e:  # pylint: disable=broad-except # it is told by the case's own thread
            failures.append(e)

    threads = [threading.Thread(target=write, args=(c, range(i, POSTS, WRITERS))) for i, c in enumerate(writers)]
    for t in threads:
        t.start()
    got = [[t[3] for t in told(w, POSTS)] for w in watchers]
    for t in threads:
        t.join()
    same("failures", failures, [])
    for posts in got:
        same("posts", [int(p.post) for p in posts], sorted(posted))
        same("positions", [int(p.position) for p in posts], list(range(2, POSTS + 2)))
    for w in watchers:
        nothing(w)


@case("told between replies, never within them", crowd=True)
def between(stage):
    w, c = stage.guest(), stage.user()
    topic, _ = stage.topic(c)
    w.ask(f"WATCH {topic}", 285)
    for _ in range(10):
        w.send(*["HELP"] * 30)
        c.post(f"POST {topic}", "meanwhile", 240)
        for _ in range(30):
            same("rows", len(w.want(100).rows), 26)
    same("what is told", len({t[3].post for t in told(w, 10)}), 10)


@case("hidden and deleted posts", crowd=True)
def hidden(stage):
    w, m = stage.guest(), stage.moderator()
    topic, post = stage.topic(m)
    w.ask(f"WATCH {topic}", 285)
    for line, code in (f"HIDE {post}", 243), (f"UNHIDE {post}", 244), (f"DELETE {post}", 242), (f"LOCK {topic}", 245):
        m.ask(line, code)
    nothing(w)


@case("a hidden first post's subject is told to moderators only", crowd=True)
def hidden_subject(stage):
    guest, moderator, c = stage.guest(), stage.moderator(), stage.user()
    topic, post = stage.topic(c, "Shade", board="Quiet")
    moderator.ask(f"HIDE {post}", 243)
    guest.ask(f"WATCH {topic}", 285)
    moderator.ask("WATCH quiet", 286)
    for want in ("(hidden)", "Shade"), ("(deleted)", "(deleted)"):
        c.post(f"POST {topic}", "an answer", 240)
        same("what is told", tuple(told(w)[0][2] for w in (guest, moderator)), want)
        moderator.ask(f"DELETE {post}", 242, 413)


@case("a watcher that leaves hinders nobody", crowd=True)
def leave(stage):
    c = stage.user()
    topic, _ = stage.topic(c)
    stays = stage.guest()
    stays.ask(f"WATCH {topic}", 285)
    for how in "QUIT", "close", "half":
        w = stage.guest()
        w.ask(f"WATCH {topic}", 285)
        if how == "QUIT":
            w.ask("QUIT", 205)
            same("the end", w.reply(), None)
        elif how == "half":
            same("the end", [r.code for r in w.end()], [])
        w.close()
        post = c.post(f"POST {topic}", "who is left", 240).words[0]
        same("what is told", told(stays)[0][3].post, post)
    await_that("they are gone", lambda: int(c.ask("WHO", 217).words[1]) == 1)

# SPDX-License-Identifier: MIT
"""LIST, OPEN, READ, SHOW, SEARCH."""
import datetime

from client import TIME
from service import BOARDS, PAGE
from stage import case, same


@case("LIST has the boards by name, with their counts and titles")
def boards(stage):
    c = stage.user()

    def counts():
        return {row.split()[1]: tuple(map(int, row.split()[2:4])) for row in c.ask("LIST", 215).rows}

    rows = [row.split(" ", 4) for row in c.ask("LIST", 215).rows]
    want = sorted((name, title or "-") for name, title in BOARDS)
    same("the boards", sorted((row[1], row[4]) for row in rows), want)
    same("their order", [row[1] for row in rows], sorted((row[1] for row in rows), key=str.lower))
    topics, posts = counts()["Quiet"]
    topic, _ = stage.topic(c, board="Quiet")
    c.post(f"POST {topic}", "more", 240)
    same("the counts", counts()["Quiet"], (topics + 1, posts + 2))
    same("OPEN's", c.ask("OPEN Quiet", 211).split(4), ["Quiet", str(topics + 1), str(posts + 2), "-"])


@case("boards are named in any case")
def any_case(stage):
    c = stage.guest()
    same("OPEN", c.ask("OPEN GENERAL", 211).split(4)[::3], ["general", "General talk"])
    same("LIST", c.ask("LIST qUIET", 216).words[0], "Quiet")
    same("a title", c.ask("OPEN Umlaut", 211).split(4)[3], "Größe – ☃")


@case("411 for a board that there is not")
def no_board(stage):
    c = stage.guest()
    for name in "nosuch", "general2", "genera", "x" * 300, "Größe", "general'--", "%", "*":
        for verb in "OPEN", "LIST", "WATCH":
            c.ask(f"{verb} {name}", 411)


@case("LIST of a board has pages, last written to first")
def list_pages(stage):
    c = stage.user()
    topics = [stage.topic(c, f"Topic {i}", board="Quiet")[0] for i in range(2 * PAGE + 1)]
    c.post(f"POST {topics[0]}", "again", 240)
    c.post(f"POST {topics[2]}", "again", 240)
    order = [topics[2], topics[0]] + [t for t in topics[::-1] if t not in (topics[0], topics[2])]
    got = []
    for page in 1, 2, 3:
        reply = c.ask(f"LIST Quiet {page}", 216)
        pages = int(reply.words[2])
        same("the page", reply.words[:2], ["Quiet", str(page)])
        same("rows of a page", len(reply.rows) == PAGE or page == pages, True)
        got += [row.split(" ", 5)[1:] for row in reply.rows]
    same("the topics", [row[0] for row in got][:len(order)], order)
    same("a topic", got[0][1:2] + got[0][3:], ["2", "open", "Topic 2"])
    same("a time", bool(TIME.match(got[0][2])), True)
    same("the first page", c.ask("LIST Quiet", 216).rows, c.ask("LIST Quiet 1", 216).rows)
    for page in pages + 1, 10**18 - 1:
        same("a page beyond", c.ask(f"LIST Quiet {page}", 216).rows, [])


@case("READ has pages")
def read_pages(stage):
    c = stage.user()
    topic, post = stage.topic(c, body="1")
    posts = [post] + [c.post(f"POST {topic}", str(i), 240).words[0] for i in range(2, 8)]
    wanted = {"": (1, 3), " 1": (1, 3), " 4": (4, 3), " 6": (6, 2), " 7": (7, 1), " 8": (8, 0), " 2 1": (2, 1),
              " 2 2": (2, 2), " 1 100": (1, 3), f" {10**18 - 1}": (10**18 - 1, 0), f" 7 {10**18 - 1}": (7, 1)}
    for arguments, (first, count) in wanted.items():
        reply = c.ask(f"READ {topic}{arguments}", 220)
        same(f"READ{arguments}", reply.words[:4], [topic, str(first), str(count), "7"])
        same("positions", [p.position for p in reply.posts], [str(first + i) for i in range(count)])
        same("posts", [p.post for p in reply.posts], posts[first - 1:first - 1 + count])
        same("bodies", [p.body for p in reply.posts], [[str(first + i)] for i in range(count)])


@case("412 and 413 for what there is not to read")
def nothing_there(stage):
    c = stage.guest()
    for n in "999999999", "9" * 18:
        c.ask(f"READ {n}", 412)
        c.ask(f"WATCH {n}", 412)
        c.ask(f"SHOW {n}", 413)


@case("SHOW has the post, with the time in UTC")
def show(stage):
    c = stage.user()
    _, post = stage.topic(c)
    reply = c.ask(f"SHOW {post}", 221)
    same("SHOW", (reply.words[0], len(reply.posts), reply.posts[0].post), (post, 1, post))
    time = datetime.datetime.strptime(reply.posts[0].time, "%Y-%m-%dT%H:%M:%SZ")
    off = datetime.datetime.utcnow() - time
    same("the time is now", abs(off.total_seconds()) < 300, True)


def found(client, words):
    reply = client.ask(f"SEARCH {words}", 218)
    return reply.words[0], [row.split(" ")[1] for row in reply.rows]


@case("SEARCH finds the posts that have all the words")
def search(stage):
    c = stage.user()
    topic, first = stage.topic(c, "About Walruses", "the walrus ate a clam")
    second = c.post(f"POST {topic}", ["A walrus", "of ivory"], 240).words[0]
    same("one word", sorted(found(c, "walrus")[1]), sorted([first, second]))
    same("two words", found(c, "IVORY   Walrus"), ("1", [second]))
    same("not all", found(c, "walrus nosuchword"), ("0", []))
    row = c.ask("SEARCH clam", 218).rows[0].split(" ", 5)
    same("a row", row[1:4] + row[5:], [first, topic, "general", "About Walruses"])
    same("its time", bool(TIME.match(row[4])), True)
    same("in the subject", first in found(c, "walruses")[1], True)
    c.post(f"EDIT {second}", "narwhals", 241)
    same("after EDIT", found(c, "ivory"), ("0", []))
    same("after EDIT", found(c, "narwhals"), ("1", [second]))


@case("SEARCH: quotes and operators mean nothing")
def search_operators(stage):
    c = stage.user()
    _, post = stage.topic(c, body="quokka and numbat or near not bilby")
    for words in ("quokka AND numbat", "quokka OR bilby", "bilby NOT quokka", '"quokka', 'quok"ka" numbat', "(quokka",
                  "quokka)", "NEAR(quokka numbat)", "^quokka", "quokka*", "body:quokka", "-quokka", "{quokka}",
                  "+quokka", "quokka '; DROP TABLE posts", '"', '""', "*", "AND", "%", "\\", "-", "quokka,numbat",
                  '"' * 400, "( " * 300, "a " * 450):
        c.ask(f"SEARCH {words}", 218)
    same("AND is a word", found(c, "quokka AND numbat"), ("1", [post]))
    same("OR is a word", found(c, "quokka OR nosuchword"), ("0", []))
    same("NOT is a word", found(c, "bilby NOT quokka"), ("1", [post]))
    same("no column", found(c, "body:quokka"), ("0", []))
    same("no prefix", found(c, "quok*"), ("0", []))


@case("SEARCH in other scripts")
def search_unicode(stage):
    c = stage.user()
    _, post = stage.topic(c, body="Ein Größenwahn, Ωμέγα und Ёжик")
    for word in "größenwahn", "GRÖßENWAHN", "ωμέγα", "ёжик", "ЁЖИК":
        same(word, found(c, word), ("1", [post]))


@case("SEARCH tells how many there are, and a page of the newest")
def search_page(stage):
    c = stage.user()
    topic, post = stage.topic(c, body="pangolin pangolin")
    posts = [post] + [c.post(f"POST {topic}", ["pangolin in a long text " + "of other words " * 20] * 2, 240).words[0]
                      for _ in range(PAGE)]
    same("found", found(c, "pangolin"), (str(PAGE + 1), posts[:0:-1]))
    same("there are no more", c.ask("SEARCH pangolin", 218).words[1], "-")


def add_posts(stage, topic, count, body):
    """Posts by the hundreds, in the file."""
    stage.service.sql("WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i <= ?2) "
                      "INSERT INTO posts (topic, position, name, created, subject, body) "
                      "SELECT ?1, i, 'many', 0, '', ?3 FROM n", topic, count, body)
    stage.service.sql("UPDATE topics SET posts = posts + ?2 WHERE id = ?1", topic, count)


@case("SEARCH counts no more than 1,000, and passes over what is hidden")
def search_bounds(stage):
    c = stage.user()
    topic, first = stage.topic(c, body="axolotl")
    add_posts(stage, topic, 1199, "axolotl")
    newest = [int(p) for p, in stage.service.sql("SELECT id FROM posts WHERE topic = ? ORDER BY id DESC", topic)]

    def search():
        reply = c.ask("SEARCH axolotl", 218)
        return *reply.words[:2], [int(row.split(" ")[1]) for row in reply.rows]

    same("of 1,200", search(), ("1000", "more", newest[:PAGE]))
    for hidden, want in (200, ("1000", "-")), (199, ("1000", "more")), (1199, ("1", "-")):
        stage.service.sql("UPDATE posts SET hidden = topic = ? AND id > ?", topic, newest[hidden])
        same(f"{hidden} of them hidden", search(), (*want, newest[hidden:hidden + PAGE]))
    same("the one that is left", str(newest[-1]), first)
    stage.promote(c)
    same("to a moderator", search(), ("1000", "more", newest[:PAGE]))

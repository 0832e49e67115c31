# SPDX-License-Identifier: MIT
"""A made-up archive of messages, as odd as real ones are: Message, generate(), mbox()."""
import base64
import quopri
import random
import re
import time

WORDS = ("kernel socket thread buffer reply patch review archive list meeting server loop queue signal "
         "timer wait ready close open read write").split()
ODD = {  # charset: words in it, all of which can be decoded
    "iso-8859-1": "café déjà Grüße naïve",
    "koi8-r": "привет мир сервер очередь",
    "utf-7": "Straße façade ñandú",
    "gb18030": "你好 世界 服务器",
    "utf-8": "Ελλάδα 日本語 język",
    "windows-1252": "“quoted” – dash…",
    "iso-2022-jp": "こんにちは 世界",
}
BOUNDARY = "=_part_"


class Message:
    """What is generated, and what is to be found of it afterwards."""

    def __init__(self, number):
        self.number = number
        self.head = b""      # the From_ line, its end included
        self.data = b""      # the message behind it
        self.id = None       # None: the message has none
        self.parent = None   # the Message that it answers
        self.word = None     # a word that is in this body alone
        self.text = None     # what the body has to contain, where that is known
        self.created = None
        self.sent = None     # by its From_ line
        self.closed = True   # no multipart without its end

    @property
    def root(self):
        m = self
        while m.parent:
            m = m.parent
        return m


def encoded_word(rng, charset, text):
    raw = text.encode(charset)
    if rng.random() < .5:
        return b"=?" + charset.encode() + b"?B?" + base64.b64encode(raw) + b"?="
    return b"=?" + charset.encode() + b"?Q?" + b"".join(b"=%02X" % b for b in raw) + b"?="


def plain(rng, word):
    lines = [" ".join(rng.choices(WORDS, k=rng.randint(3, 12))) for _ in range(rng.randint(1, 12))]
    lines.insert(rng.randint(0, len(lines)), f"here is {word}")
    return "\n".join(lines) + "\n"


def body_odd(rng, m):
    """A charset, declared, in any transfer encoding."""
    charset = rng.choice(list(ODD))
    m.text = f"{ODD[charset]}\n"
    raw = (f"{m.text}{m.word}\n").encode(charset)
    how = rng.choice(["8bit", "base64", "quoted-printable"])
    if how == "base64":
        raw = base64.encodebytes(raw)
    elif how == "quoted-printable":
        raw = quopri.encodestring(raw)
    fields = [b'Content-Type: text/plain; charset="%s"' % charset.encode(),
              b"Content-Transfer-Encoding: " + how.encode()]
    return fields, raw + (b"" if raw.endswith(b"\n") else b"\n")


def body_broken(rng, m):
    """Not what its headers say: nothing is known of it but that it is there."""
    kind = rng.randrange(7)
    word = m.word.encode()
    if kind == 0:
        return [b"Content-Type: text/plain; charset=utf-8"], b"caf\xe9 \xff\xfe " + word + b"\n"
    if kind == 1:
        return [], b"no charset: caf\xe9\n" + word + b"\n"
    if kind == 2:
        return [b"Content-Type: text/plain; charset=x-nobody-knows"], word + b"\n\xe9\n"
    if kind == 3:
        m.word = None
        return [b"Content-Transfer-Encoding: base64"], b"aGVsbG8!!!! %%% not base64 \xff\nQQ=\n=\n"
    if kind == 4:
        return ([b"Content-Transfer-Encoding: quoted-printable"],
                b"=ZZ =E =\n" + word + b" =C3=28 =\n=\n")
    if kind == 5:
        return [b"Content-Type: ;;;===/\"; charset=\"", b"MIME-Version: nine"], word + b"\n"
    return ([b"Content-Type: text/plain; charset=koi8-r"],
            b"\x00\x01\x1b[31m control \r here\n" + word + b"\n")


def body_multipart(rng, m):
    boundary = f"{BOUNDARY}{m.number}"
    alternative = rng.random() < .5
    kind = "alternative" if alternative else "mixed"
    parts = [f"Content-Type: text/plain; charset=utf-8\n\n{m.word} ☃\n"]
    m.text = f"{m.word} ☃\n"
    if alternative:
        parts.append("Content-Type: text/html; charset=utf-8\n\n<p>notshown</p>\n")
    else:
        blob = rng.randbytes(rng.randint(1, 3000))
        parts.append(f"Content-Type: image/png\nContent-Disposition: attachment; filename=\"p{m.number}.png\"\n"
                     f"Content-Transfer-Encoding: base64\n\n{base64.encodebytes(blob).decode()}")
        m.text += f"[attachment: p{m.number}.png, image/png, {len(blob)}]\n"
    text = "preamble\n" + "".join(f"--{boundary}\n{p}" for p in parts) + f"--{boundary}--\n"
    return [f'Content-Type: multipart/{kind}; boundary="{boundary}"'.encode()], text.encode()


def body_unclosed(rng, m):
    """A multipart that was cut off before the list got it."""
    m.closed = False
    boundary = f"{BOUNDARY}{m.number}"
    return ([f"Content-Type: multipart/mixed; boundary={boundary}".encode()],
            f"--{boundary}\nContent-Type: text/plain\n\n{m.word}\n".encode())


def body_html(rng, m):
    m.text = f"<p>{m.word}</p>\n"
    return [b"Content-Type: text/html; charset=us-ascii"], m.text.encode()


def body_from(rng, m):
    """Lines that would pass for the head of a message."""
    m.text = (f"{m.word}\n\nFrom here on\n>From quoted\n>>From twice\n\n"
              "From bob@example.org Thu Nov 24 18:22:48 1986\nSubject: none\n\nend\n")
    return [], m.text.encode()


def body_long(rng, m):
    m.text = f"{m.word} " + "x" * 100_000 + "\nand an end\n"
    return [b"X-Long: " + b"y" * 100_000], m.text.encode()


def body_plain(rng, m):
    m.text = plain(rng, m.word)
    return [], m.text.encode()


def body_lines(rng, m):
    """CR LF, and empty lines at the end."""
    m.text = f"{m.word}\n\nlast\n\n\n"
    return [], m.text.replace("\n", "\r\n").encode()


BODIES = [(body_plain, 50), (body_odd, 20), (body_multipart, 8), (body_broken, 8), (body_html, 3), (body_from, 5),
          (body_long, .5), (body_lines, 3), (body_unclosed, 1)]


def ids_of(rng, m, before):
    """Message-ID, In-Reply-To and References."""
    fields = []
    if m.id:
        fields.append(b"Message-ID: <" + m.id.encode() + b">")
    if m.parent:
        path = [p for p in before if p]
        kind = rng.randrange(3)
        if kind != 1:
            fields.append(rng.choice([b"In-Reply-To: <%s>", b"in-reply-to:\n\t<%s>",
                                      b'In-Reply-To: Message of "yesterday" <%s>']) % path[-1].encode())
        if kind != 0:
            fields.append(b"References: " + b"\n ".join(b"<" + p.encode() + b">" for p in path))
    return fields


def headers_of(rng, m):
    word = rng.choice(list(ODD))
    fields = [rng.choice([
        b"From: Alice Example <alice@example.org>",
        b"From: " + encoded_word(rng, word, ODD[word]) + b" <bob@example.org>",
        b"From: \"unclosed <carol@example.org", b"From:", b"From: =?utf-8?B?####?= <x@y>", b"X-None: 1"])]
    fields.append(rng.choice([
        b"Subject: " + " ".join(rng.choices(WORDS, k=4)).encode(),
        b"Subject: " + encoded_word(rng, word, ODD[word]) + b" and more",
        b"Subject: raw caf\xe9", b"Subject:", b"Subject: =?x-none?Q?=FF?= =?utf-8?Q?=C3?=",
        b"Subject: " + b"long " * 300, b"Subject: folded\n\tover\n lines", b"X-Subject: none"]))
    if rng.random() < .9:
        fields.append(b"Date: " + time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(m.created)).encode())
    else:
        fields.append(rng.choice([b"Date: yesterday", b"Date:", b"Date: Foo, 99 Bar 12345 99:99:99", b"X-Date: none"]))
        m.created = m.sent
    if rng.random() < .06:
        fields.append(rng.choice([b"this line is no header", b": no name", b"Odd Name: x", b"X-8bit: \xff\xfe\x80",
                                  b"Subject: a second one", b"Received: " + b"from x by y; " * 500, b"X:\x00\x01"]))
    rng.shuffle(fields)
    return fields


def make(rng, number, parent, path):
    m = Message(number)
    m.parent = parent
    m.word = f"word{number}x{rng.randrange(10 ** 6)}"
    m.id = f"{number}.{rng.randrange(10 ** 9)}@example.org"
    m.created = 1_000_000_000 + number * 60
    m.sent = m.created + 30
    when = time.strftime("%a %b %e %H:%M:%S %Y", time.gmtime(m.sent))
    m.head = f"From sender{number}@example.org {when}\n".encode()
    bodies = BODIES if number else BODIES[:-1]  # one at least is closed: it can come last
    body = rng.choices([b for b, _ in bodies], [w for _, w in bodies])[0]
    if rng.random() < .02:
        m.id = None
    fields = headers_of(rng, m)
    extra, data = body(rng, m)
    fields += ids_of(rng, m, path) + extra
    if rng.random() < .01:
        fields.insert(0, b"what comes first is no header at all")
    m.data = b"\n".join(fields) + b"\n\n" + data
    return m


def generate(count, seed=1):
    """Messages in threads; one in five stands in another place, often before its parent."""
    rng = random.Random(seed)
    messages, paths = [], {}
    for number in range(count):
        parent = None
        if messages and rng.random() < .7:
            parent = rng.choice(messages[-50:])
            parent = parent if parent.id else None
        path = paths[parent.number] + [parent.id] if parent else []
        m = make(rng, number, parent, path)
        paths[number] = path
        messages.append(m)
    for at in range(count):
        if rng.random() < .2:
            other = min(count - 1, at + rng.randint(1, 200))
            messages[at], messages[other] = messages[other], messages[at]
    while not messages[-1].closed:
        messages.insert(0, messages.pop())
    return messages


UNDECODABLE = [("utf-8", raw, raw.decode("utf-8", "replace"))
               for raw in (b"a\xffb", b"caf\xc3", b"\xe2\x98\xe2\x98\x83", b"\xf0\x80\x80x", b"\xed\xa0\x80")]
UNDECODABLE += [("gb18030", "你好".encode("gb18030")[:-1], "你\ufffd"), ("windows-1252", b"\x81x\x81", "\ufffdx\ufffd"),
                ("us-ascii", b"a\xe9", "a\ufffd"), ("x-nobody-knows", b"\xe9a", "\ufffda")]
# Their accents follow their letters: the last letter of a text may still get one.
ACCENTED = [("windows-1258", b"\xea\xec, \xea", "ế, ê"), ("windows-1258", b"Vie", "Vie")]
SPLIT = {"=?utf-8?B?w6k=?= =?UTF-8?b?w6k=?=": "éé", "=?utf-8?Q?=C3?=\n =?utf-8?q?=A9t?=": "ét",
         "=?iso-8859-1?B?6Q==?= =?utf-8?Q?_=E2=98=83?= =?koi8-r?Q?=D0?=": "é ☃п", "a =?utf-8*de?Q?=C3=A9?= b": "a é b"}


def charsets():
    """Messages whose subject, author and body are the same: (message, text), with what cannot be decoded replaced."""
    rows = [(f"=?{charset}?Q?{''.join(f'={b:02X}' for b in raw)}?=", charset, raw, text)
            for charset, raw, text in UNDECODABLE + ACCENTED]
    rows += [(f"=?{charset}?B?{base64.b64encode(raw).decode()}?=", charset, raw, text)
             for charset, raw, text in UNDECODABLE + ACCENTED]
    rows += [(words, "utf-8", text.encode(), text) for words, text in SPLIT.items()]
    return [(f"From a@b Thu Nov 24 18:22:48 1986\nMessage-ID: <{number}@x>\nSubject: {words}\nFrom: {words} <a@b>\n"
             f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: base64\n\n"
             f"{base64.b64encode(raw).decode()}\n\n", text) for number, (words, charset, raw, text) in enumerate(rows)]


def quoted(data):
    return re.sub(rb"^(>*From )", rb">\1", data, flags=re.M)


def mbox(messages):
    return b"".join(m.head + quoted(m.data) + b"\n" for m in messages)


def split(archive):
    """The messages of an mbox file, each with its From_ line, unquoted."""
    found = []
    for piece in re.split(rb"(?:\A|(?<=\n)\n)(?=From )", archive)[1:]:
        head, _, data = piece.partition(b"\n")
        found.append(head + b"\n" + re.sub(rb"^>(>*From )", rb"\1", data, flags=re.M))
    if found:
        found[-1] = found[-1][:-1]
    return found

# SPDX-License-Identifier: MIT
"""Chunked bodies: sizes, extensions, line ends, trailers."""
from serve import BODY, HEAD
from table import BAD, CLOSED, HALF, body_is, case, chunked, chunks, second

HELLO = body_is(b"hello")
END = b"0\r\n\r\n"


def chunk(title, body, status=BAD, *has, rfc="9112 7.1", **how):
    case(f"chunks: {title}", rfc, chunked(body), status, *has, **how)


def size(text, status=BAD):
    """One chunk of 5 bytes whose size is written like this."""
    chunk(f"the size {text[:30]!r}", text.encode("latin1") + b"\r\nhello\r\n" + END, status, HELLO)


# ---- Well formed ----

chunk("none", END, 200, body_is(b""), "length -1")
chunk("one", b"5\r\nhello\r\n" + END, 200, HELLO)
chunk("some", chunks(b"h", b"el", b"l", b"o"), 200, HELLO)
chunk("5000 of a byte", chunks(*[b"x"] * 5000), 200, body_is(b"x" * 5000))
chunk("one of 60,000 bytes", chunks(b"x" * 60_000), 200, body_is(b"x" * 60_000))
chunk("as long as a body may be", chunks(*[b"y" * (BODY // 10)] * 10), 200, body_is(b"y" * BODY))
chunk("of line ends", chunks(b"\r\n", b"0\r\n\r\n", b"\r", b"\n"), 200, body_is(b"\r\n0\r\n\r\n\r\n"))
chunk("that look like requests", chunks(b"GET / HTTP/1.1\r\n\r\n"), 200, body_is(b"GET / HTTP/1.1\r\n\r\n"))
chunk("a size in lower case", b"b\r\nhello world\r\n" + END, 200, body_is(b"hello world"))
chunk("a size in upper case", b"B\r\nhello world\r\n" + END, 200, body_is(b"hello world"))
case("chunks: two bodies in a row", "9112 7.1", chunked() + chunked(chunks(b"world")), [200, 200], HELLO,
     check=second(body_is(b"world")))
case("chunks: the whole body at once", "9112 7.1", chunked(chunks(b"hel", b"lo"), path="/whole"), 200, HELLO)
case("chunks: in pieces", "9112 7.1", [chunked(b""), b"5\r", b"\nhel", b"lo\r", b"\n0\r\n\r", b"\n"], 200, HELLO)
case("chunks: a size and its data in pieces", "9112 7.1", [chunked(b"1"), b"0\r\n0123456789", b"abcdef\r\n0",
                                                           b"\r\n\r\n"], 200,
     body_is(b"0123456789abcdef"))

# ---- Sizes ----

for text in "05", "0005", "0" * 15 + "5", "0" * 16 + "5", "0" * 300 + "5":
    size(text, {200, BAD})
for text in "5 ", "5\t", "5  \t ":
    size(text, {200, BAD})
for text in "", " 5", "\t5", "-5", "+5", "0x5", "0X5", "5h", "h5", "g", "5 5", "5,", "5.0", "5_", "$5", "5\0", \
        "\x005", "5\x0b", "\x0c5", \
        "\xa05", "\xb2", "5\r", "five", "'5'", "5 x", "5\xe9", "5:a", "5=a":
    size(text)
for text in "10000000000000005", "ffffffffffffffff", "fffffffffffffffb", "8000000000000005", "7fffffffffffffff", \
        "f" * 17, "f" * 40, "1" + "0" * 16:
    size(text, {BAD, 413})
case("chunks: a size beyond 32 bits", "9112 7.1", [chunked(b"100000005\r\nhello\r\n" + END), HALF],
     {BAD, 408, 413, None}, after=CLOSED)
for text in "00", "0" * 17:
    chunk(f"the last one is {text}", b"5\r\nhello\r\n" + text.encode() + b"\r\n\r\n", {200, BAD}, HELLO)
chunk("the last one is -0", b"5\r\nhello\r\n-0\r\n\r\n")
chunk("the last one is 0x0", b"5\r\nhello\r\n0x0\r\n\r\n")
chunk("a size of 100,000 digits", b"0" * 100_000 + b"5\r\nhello\r\n" + END, {200, BAD, 413, 431})
chunk("one longer than a body may be", chunks(b"y" * (BODY + 1)), 413, rfc="9110 15.5.14")
chunk("longer together than a body may be", chunks(*[b"y" * (BODY // 2)] * 3), 413, rfc="9110 15.5.14")
chunk("one byte longer than a body may be", chunks(b"y" * BODY, b"z"), 413, rfc="9110 15.5.14")

# ---- Extensions ----

for text in "a", "a=b", "a=b;c=d", 'a="b c"', 'a="b;c\\"d"', "a=b;c", "!#$%&'*+-.^_`|~=1":
    chunk(f"the extension {text}", b"5;" + text.encode() + b"\r\nhello\r\n0;" + text.encode() + b"\r\n\r\n", 200,
          HELLO, rfc="9112 7.1.1")
for text in "5 ;a=b", "5; a=b", "5 ; a = b", "5\t;\ta", "5;", "5;;", "5;=b", "5;a=", '5;a="b', '5;a="b"c', "5;a b", \
        "5;a=b c", "5;\xe9", \
        "5;a=\"\xe9\"", "5;a@b":
    chunk(f"the extension in {text}", text.encode("latin1") + b"\r\nhello\r\n" + END, {200, BAD}, HELLO,
          rfc="9112 7.1.1")
for title, text in {"LF": b"5;a\nb", "LF alone behind": b"5;\n", "LF in quotes": b'5;a="b\nc"', "CR": b"5;a\rb",
                    "CR last": b"5;a\r",
                    "CR in quotes": b'5;a="b\rc"', "NUL": b"5;a\0b", "NUL in quotes": b'5;a="\0"',
                    "LF first": b"5\n;a"}.items():
    chunk(f"an extension with {title}", text + b"\r\nhello\r\n" + END, BAD, rfc="9112 7.1.1")
chunk("quotes over a line end", b'5;a="\r\nhello\r\n0\r\n\r\n"\r\n' + END, [{200, BAD}, BAD], HELLO, rfc="9112 7.1.1")
chunk("an extension of 10,000 bytes", b"5;a=" + b"b" * 10_000 + b"\r\nhello\r\n" + END, {200, BAD, 413, 431},
      rfc="9112 7.1.1")
chunk("an extension of 100,000 bytes", b"5;a=" + b"b" * 100_000 + b"\r\nhello\r\n" + END, {BAD, 413, 431},
      rfc="9112 7.1.1")
chunk("an extension without an end", b"5;" + b"b" * 100_000, {BAD, 413, 431}, rfc="9112 7.1.1")

# ---- Line ends ----

for title, body in {
        "LF after the size": b"5\nhello\r\n" + END, "CR after the size": b"5\rhello\r\n" + END,
        "CR CR LF after the size": b"5\r\r\nhello\r\n" + END,
        "LF CR after the size": b"5\n\rhello\r\n" + END, "LF after the data": b"5\r\nhello\n" + END,
        "CR after the data": b"5\r\nhello\r" + END,
        "nothing after the data": b"5\r\nhello" + END, "two others after the data": b"5\r\nhelloXX" + END,
        "two line ends after the data": b"5\r\nhello\r\n\r\n" + END, "a blank after the data": b"5\r\nhello \r\n" + END,
        "data longer than the size": b"5\r\nhello!\r\n" + END, "data shorter than the size": b"6\r\nhello\r\n" + END,
        "LF after the last size": b"5\r\nhello\r\n0\n\r\n",
        "CR after the last size": b"5\r\nhello\r\n0\r\r\n",
        "a line end before the first size": b"\r\n5\r\nhello\r\n" + END,
        "LF alone everywhere": b"5\nhello\n0\n\n", "text in the place of a size": b"hello\r\n\r\n"}.items():
    chunk(title, body)
chunk("LF alone ends the trailers", b"5\r\nhello\r\n0\r\n\n", {200, BAD}, HELLO)
for title, body in {"within a size": b"5", "after a size": b"5\r\n", "within the data": b"5\r\nhel",
                    "before the last": b"5\r\nhello\r\n",
                    "within the last": b"5\r\nhello\r\n0", "before the empty line": b"5\r\nhello\r\n0\r\n",
                    "within a trailer": b"0\r\nX-Sum: a",
                    "before anything": b""}.items():
    case(f"chunks: the end {title}", "9112 8", [chunked(body), HALF], {BAD, 408, None}, after=CLOSED)

# ---- Trailers ----


def trailer(title, text, status=BAD, *has, rfc="9112 7.1.2", **how):
    case(f"trailers: {title}", rfc, chunked(b"5\r\nhello\r\n0\r\n" + text.encode("latin1") + b"\r\n\r\n"), status,
         *has, **how)


trailer("one", "X-Sum: abc", 200, HELLO, "trailer X-Sum abc", lacks=("name X-Sum",))
trailer("its name in another case", "x-sum: abc", 200, "trailer X-Sum abc")
trailer("two", "A: b\r\nX-Sum: abc", 200, HELLO, "trailer X-Sum abc")
trailer("an empty one, then another", "A:\r\nX-Sum: abc", 200, HELLO, "trailer X-Sum abc")
trailer("announced", "X-Sum: abc", 200, "trailer X-Sum abc")
for text in "Content-Length: 3", "Host: other.example", "Transfer-Encoding: gzip", "Transfer-Encoding: chunked", \
        "Connection: close", "Authorization: x", "Cookie: c=evil", "Expect: 100-continue", "Content-Type: x/y", \
        "Trailer: Host":
    # ("chunked" stands among the fields anyway)
    trailer(f"{text} is none of the fields", text, {200, BAD}, HELLO, "host example.org", "length -1", "cookie (none)",
            rfc="9110 6.5.1", lacks=() if text.endswith("chunked") else ("value " + text.split(": ")[1],))
for title, text in {"no colon": "X-Sum", "no name": ": abc", "a blank before the colon": "X-Sum : abc",
                    "a blank in the name": "X Sum: abc",
                    "NUL in the name": "X\0: a", "NUL in the value": "X: a\0", "CR in the value": "X: a\rb",
                    "a byte above ASCII in the name":
                    "X\xe9: a", "CR CR LF": "X: a\r", "a request": "GET / HTTP/1.1", "a chunk": "5\r\nhello"}.items():
    trailer(title, text)
trailer("folded", "X-Sum: a\r\n b", {200, BAD}, HELLO)
trailer("a blank first", " X-Sum: a", {200, BAD}, HELLO)
trailer("LF alone", "X-Sum: a\nY: b", {200, BAD}, HELLO)
trailer("too long", "X-Sum: " + "a" * HEAD, {BAD, 413, 431}, rfc="9112 7.1.2")
trailer("much too long", "X-Sum: " + "a" * 100_000, {BAD, 413, 431})
trailer("too many", "\r\n".join(f"X-{i}: {i}" for i in range(1000)), {BAD, 413, 431})

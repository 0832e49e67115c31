# SPDX-License-Identifier: MIT
"""Content-Length and Transfer-Encoding: where a body ends, and the shapes in which requests are smuggled."""
from serve import BODY
from table import (BAD, CANARY, CLOSED, EITHER, FAULTY, HALF, body_is, case, chunked, chunks, post, raw, request,
                   second,
                   sized)

SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: example.org\r\n\r\n"
HELLO = body_is(b"hello")

# ---- Content-Length ----


def length(title, *fields, status=BAD, has=(), body=b"hello", **how):
    case(f"Content-Length: {title}", "9112 6.3", post(*fields, body=body), status, *has, **how)


length("of the body", "Content-Length: 5", status=200, has=(HELLO, "length 5"))
length("no blank before it", "Content-Length:5", status=200, has=(HELLO,))
length("blanks before it", "Content-Length:   5", status=200, has=(HELLO,))
length("tabs before it", "Content-Length:\t5", status=200, has=(HELLO,))
length("blanks behind it", "Content-Length: 5  ", status=200, has=(HELLO,))
length("a tab behind it", "Content-Length: 5\t", status=200, has=(HELLO,))
length("blanks and tabs around it", "Content-Length: \t 5 \t ", status=200, has=(HELLO,))
length("behind an empty field", "X:", "Content-Length: 5", status=200, has=(HELLO, "name Content-Length"))
length("before an empty field", "Content-Length: 5", "X:", status=200, has=(HELLO,))
length("between empty fields", "X:", "Content-Length: 5", "Y: ", "Z:\t", status=200, has=(HELLO,))
length("its name in another case", "cONTENT-lENGTH: 5", status=200, has=(HELLO,))
length("0", "Content-Length: 0", status=200, has=(body_is(b""), "length 0"), body=b"")
length("none", status={200, 411}, has=(body_is(b""), "length 0"), body=b"")
length("leading zeros", "Content-Length: 005", status={200, BAD}, has=(HELLO,))
length("many leading zeros", f"Content-Length: {'0' * 40}5", status={200, BAD}, has=(HELLO,))
length("twice the same", "Content-Length: 5", "Content-Length: 5", status={200, BAD}, has=(HELLO,))
length("a list of the same", "Content-Length: 5, 5", status={200, BAD}, has=(HELLO,))
length("a list without blanks", "Content-Length: 5,5", status={200, BAD}, has=(HELLO,))
length("folded", "Content-Length:", " 5", status={200, BAD}, has=(HELLO,))
length("of bytes that are no text", "Content-Length: 6", status=200, body=b"\0\r\n\r\n\xff",
       has=(body_is(b"\0\r\n\r\n\xff"),))
length("of a body that looks like a request", f"Content-Length: {len(SMUGGLED)}", status=200, body=SMUGGLED,
       has=(body_is(SMUGGLED),))
length("of 60,000 bytes", "Content-Length: 60000", status=200, body=b"x" * 60000, has=(body_is(b"x" * 60000),))
length("the most", f"Content-Length: {BODY}", status=200, body=b"x" * BODY, has=(body_is(b"x" * BODY),))
length("twice different", "Content-Length: 5", "Content-Length: 6")
length("twice different, the other order", "Content-Length: 6", "Content-Length: 5")
length("twice, first 0", "Content-Length: 0", "Content-Length: 5")
length("twice, then empty", "Content-Length: 5", "Content-Length:")
length("twice, not beside each other", "Content-Length: 5", "X: y", "content-length: 44")
length("folded into another", "Content-Length: 5", " 5")
for value in "5, 6", "5,6", "6, 5", "5, 05x", ",5", "5,", "5,,5", ",", "", "+5", "-5", "-0", "+0", "0x5", "0b101", \
        "5 5", "5\t5", \
        "5;", "5;a=b", "5.0", "5e0", ".5", "five", "5x", "x5", "'5'", '"5"', "(5)", "5\0", "\x005", "5\x0b", "\x0c5", \
        "\xa05", \
        "\xb2", "\xd9\xa5", "0x", "1_0", "5\r", "5 \r", "NaN", "*":
    length(f"{value!r}", f"Content-Length: {value}")
for value in (2**31, 2**32, 2**32 + 5):
    length(f"{value}, longer than a body may be", f"Content-Length: {value}", status=413)
for value in (2**63 - 1, 2**63, 2**63 + 5, 2**64 - 1, 2**64, 2**64 + 5, 10**19, 10**20 + 5, 10**100):
    length(f"of {len(str(value))} digits, {str(value)[:20]}", f"Content-Length: {value}", status={BAD, 413})
case("Content-Length : with a blank", "9112 5.1", post("Content-Length : 5", body="hello"), BAD)
case("Content_Length is another field", "9112 6.3", post("Content_Length: 5", body="hello\r\n\r\n"), [200, BAD],
     "length 0")
case("X-Content-Length is another field", "9112 6.3", post("X-Content-Length: 40", body=SMUGGLED), [200, 200],
     "length 0",
     check=second("target /smuggled"))
case("Content-Length names no field in Connection", "9110 7.6.1",
     sized(b"hello", "Connection: Content-Length, keep-alive"), {200, BAD}, HELLO)
case("the end within a body", "9112 8", [post("Content-Length: 10", body="hello"), HALF], {BAD, 408, None},
     after=CLOSED)
case("the end before a body", "9112 8", [post("Content-Length: 10"), HALF], {BAD, 408, None}, after=CLOSED)
case("HTTP/1.0 with a body", "9112 6.3", sized(version="1.0"), 200, HELLO, "minor 0", after=CLOSED)
case("a body and its head in two pieces", "9112 6.2", [post("Content-Length: 5"), b"he", b"llo"], 200, HELLO)

# ---- Transfer-Encoding ----


def coding(title, *fields, status=(BAD, 501), has=(), body=b"5\r\nhello\r\n0\r\n\r\n", **how):
    case(f"Transfer-Encoding: {title}", "9112 6.1", post(*fields, body=body), status, *has, **how)


coding("chunked", "Transfer-Encoding: chunked", status=200, has=(HELLO, "length -1"))
coding("Chunked", "Transfer-Encoding: Chunked", status=200, has=(HELLO,))
coding("CHUNKED", "transfer-encoding:CHUNKED", status=200, has=(HELLO,))
coding("tabs before it", "Transfer-Encoding:\t\tchunked", status=200, has=(HELLO,))
coding("blanks behind it", "Transfer-Encoding: chunked  ", status=200, has=(HELLO,))
coding("a tab behind it", "Transfer-Encoding: chunked\t", status=200, has=(HELLO,))
coding("blanks and tabs around it", "Transfer-Encoding: \t chunked \t ", status=200, has=(HELLO,))
coding("behind an empty field", "X:", "Transfer-Encoding: chunked", status=200, has=(HELLO, "name Transfer-Encoding"))
coding("between empty fields", "X:", "Transfer-Encoding: chunked", "Y: ", "Z:\t", status=200, has=(HELLO,))
coding("an empty element after it", "Transfer-Encoding: chunked,", status={200, BAD, 501}, has=(HELLO,))
coding("an empty element before it", "Transfer-Encoding: , chunked", status={200, BAD, 501}, has=(HELLO,))
coding("folded", "Transfer-Encoding:", " chunked", status={200, BAD, 501}, has=(HELLO,))
coding("gzip, chunked", "Transfer-Encoding: gzip, chunked", status=501)
coding("gzip and chunked in two fields", "Transfer-Encoding: gzip", "Transfer-Encoding: chunked")
for value in "chunked, chunked", "chunked,chunked", "chunked, identity", "chunked, gzip", "identity", \
        "identity, chunked", "gzip", \
        "deflate", "x", "xchunked", "chunkedx", "x chunked", "chunked x", "chunk", "chunke", "chunked;q=1", \
        "chunked; a", \
        "chunked;", '"chunked"', "'chunked'", "(x) chunked", "chunked\0", "\0chunked", "\x0bchunked", "chunked\x0b", \
        "\x0cchunked", \
        "chunked\x0c", "\x85chunked", "\xa0chunked", "chunked\xa0", "c\thunked", "ch unked", "chun\xffked", \
        "chunked\x7f", \
        "\xe2\x80\x8bchunked", "chunK\xc3\xa9d", "chun\xe2\x84\xaaed", "chunked=1", "chunked/1", "", ",", "*", "0", \
        "5", "none", "\r", \
        "\rchunked", "chunked\r", "chunked\r\r":
    coding(f"{value!r}", f"Transfer-Encoding: {value}")
coding("chunked twice", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked")
coding("chunked, then identity", "Transfer-Encoding: chunked", "Transfer-Encoding: identity")
coding("identity, then chunked", "Transfer-Encoding: identity", "Transfer-Encoding: chunked")
coding("x, then chunked", "Transfer-Encoding: x", "Transfer-Encoding: chunked")
coding("chunked, then x", "Transfer-Encoding: chunked", "Transfer-Encoding: x")
coding("chunked, then nothing", "Transfer-Encoding: chunked", "Transfer-Encoding:", status={200, BAD, 501},
       has=(HELLO,))
coding("folded into another", "Transfer-Encoding: chunked", " , gzip")
coding("folded, with text", "Transfer-Encoding: chunked", " x")
for name, text in {"a blank before the colon": "Transfer-Encoding : chunked",
                   "a tab before the colon": "Transfer-Encoding\t: chunked",
                   "NUL before the colon": "Transfer-Encoding\0: chunked", "NUL first": "\0Transfer-Encoding: chunked",
                   "CR before the colon": "Transfer-Encoding\r: chunked",
                   "a vertical tab before the colon": "Transfer-Encoding\x0b: chunked",
                   "a blank within": "Transfer- Encoding: chunked", "no colon": "Transfer-Encoding chunked",
                   "CR and it in another's value": "X: y\rTransfer-Encoding: chunked",
                   "a hyphen of Unicode": "Transfer\xe2\x80\x90Encoding: chunked",
                   "a backspace": "X\x08Transfer-Encoding: chunked"}.items():
    coding(name, text, status=BAD)
coding("with an underscore, is another field", "Transfer_Encoding: chunked", status=[200, BAD], has=("length 0",))
case("chunked, of a GET", "9112 6.3", request("GET /echo HTTP/1.1", "Transfer-Encoding: chunked",
                                              body=chunks(b"hello")), 200, HELLO)
case("chunked in HTTP/1.0", "9112 6.1", chunked(version="1.0"), BAD)
case("gzip in HTTP/1.0", "9112 6.1", post("Transfer-Encoding: gzip", body="x", version="1.0"), {BAD, 501})
case("chunked in HTTP/1.0 that keeps alive", "9112 6.1", chunked(b"0\r\n\r\n", "Connection: keep-alive",
                                                                 version="1.0"), BAD)
case("Transfer-Encoding in Connection", "9110 7.6.1", chunked(b"5\r\nhello\r\n0\r\n\r\n",
                                                              "Connection: Transfer-Encoding"), {200, BAD},
     HELLO)

# ---- Both ----


def both(title, *fields, body=b"0\r\n\r\n"):
    case(f"smuggling: {title}", "9112 6.3", post(*fields, body=raw(body)), (BAD, 501) if "obfuscated" in title else BAD)


both("CL.TE", "Content-Length: 6", "Transfer-Encoding: chunked", body=b"0\r\n\r\nG")
both("CL.TE, a request behind", f"Content-Length: {len(SMUGGLED) + 5}", "Transfer-Encoding: chunked",
     body=b"0\r\n\r\n" + SMUGGLED)
both("TE.CL", "Transfer-Encoding: chunked", "Content-Length: 4",
     body=b"2d\r\n" + SMUGGLED[:45].ljust(45) + b"\r\n0\r\n\r\n")
both("TE.CL, 0", "Transfer-Encoding: chunked", "Content-Length: 0", body=b"5\r\nhello\r\n0\r\n\r\n")
both("CL.TE behind empty fields", "X:", "Content-Length: 5", "Y:", "Transfer-Encoding: chunked")
both("TE.CL behind empty fields", "X:", "Transfer-Encoding: chunked", "Y:", "Content-Length: 5")
both("both agree", "Content-Length: 15", "Transfer-Encoding: chunked", body=b"5\r\nhello\r\n0\r\n\r\n")
for value in "xchunked", "chunked, identity", "identity", "gzip, chunked", "\x0bchunked", " x", "chunked;q=1", \
        "chunked, chunked", "":
    both(f"TE.TE obfuscated as {value!r}", f"Transfer-Encoding: {value}", "Content-Length: 5", body=b"0\r\n\r\n")
for name, text in {"a blank before the colon": "Transfer-Encoding : chunked",
                   "a tab before the colon": "Transfer-Encoding\t: chunked",
                   "a blank first": " Transfer-Encoding: chunked",
                   "LF within another": "X: y\nTransfer-Encoding: chunked",
                   "CR within another": "X: y\rTransfer-Encoding: chunked", "folded": "Transfer-Encoding\r\n : chunked",
                   "NUL": "Transfer-Encoding:\0chunked", "CR CR LF": "Transfer-Encoding: chunked\r"}.items():
    case(f"smuggling: CL.TE behind {name}", "9112 11.2", post("Content-Length: 5", text, body="0\r\n\r\n"), BAD)

# ---- Bodies that nobody reads ----


def unread(title, line, status, **how):
    """Its body is no request, whether it is passed over or the connection closed."""
    sent = request(line, f"Content-Length: {len(SMUGGLED)}", body=SMUGGLED)
    case(f"smuggling: CL.0, {title}", "9112 11.2", sent, status, after=EITHER, **how)
    sent = request(line, "Transfer-Encoding: chunked", body=chunks(SMUGGLED))
    case(f"smuggling: TE.0, {title}", "9112 11.2", sent, status, after=EITHER, **how)


unread("the application does not read it", "POST /write HTTP/1.1", 200)
unread("it reads some of it", "POST /some?n=3 HTTP/1.1", 200)
unread("it gives an error", "POST /error?s=404 HTTP/1.1", 404)
unread("it fails", "POST /error?s=-5 HTTP/1.1", 500, server=FAULTY)
unread("of a redirection", "POST /redirect?v=/ HTTP/1.1", 303)
unread("of a method that is not allowed", "PATCH /echo HTTP/1.1", {405, 501})
unread("of OPTIONS", "OPTIONS /echo HTTP/1.1", {200, 204})
unread("of OPTIONS *", "OPTIONS * HTTP/1.1", {200, 204})
unread("of TRACE", "TRACE /echo HTTP/1.1", {BAD, 405, 501})
unread("of HEAD", "HEAD /write HTTP/1.1", 200)
unread("of DELETE", "DELETE /write HTTP/1.1", 200)
unread("with a response of 204", "POST /status?s=204 HTTP/1.1", 204)
unread("with a response of 304", "POST /status?s=304 HTTP/1.1", 304)
for size in 1000, 30_000, 150_000:
    case(f"a body of {size} bytes that nobody reads", "9112 9.3", sized(b"x" * size, path="/write"), 200, after=EITHER)
case("chunks that nobody reads are malformed", "9112 7.1", chunked(b"z\r\n" + SMUGGLED, path="/write"), {200, BAD},
     after=CLOSED,
     unsaid=True)
case("chunks turn malformed behind what is read", "9112 7.1", chunked(b"3\r\nabc\r\nz\r\n" + SMUGGLED,
                                                                      path="/some?n=3"), {200, BAD},
     after=CLOSED, unsaid=True)
case("a request in a GET's body without a length is a request", "9112 6.3", request() + SMUGGLED, [200, 200],
     "length 0",
     check=second("target /smuggled"))
case("a body without a length is no body", "9112 6.3", post(body="hello\r\n\r\n"), [{200, 411}, BAD], "length 0")
case("behind a refused request nobody is answered", "9112 6.3", request("GET /a b HTTP/1.1") + CANARY * 5, BAD)
case("before a refused request all are answered", "9112 9.3.2", CANARY * 5 + request("GET /a b HTTP/1.1"),
     [200] * 5 + [BAD])

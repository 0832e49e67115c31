# SPDX-License-Identifier: MIT
"""What modus check says of settings that cannot be meant."""
from server import HELLO, case, same

STATUS = 'app = { type = "web_status"; control = "/c"; };'
REFUSED = [  # a route, and what is said of it
    ("", "got neither app nor redirect, want one of them"),
    (f'{HELLO} redirect = "/x";', "got both app and redirect, want one of them"),
    ('app = "echo";', "app: plugin echo is no web application"),
    (f'path = "a"; {HELLO}', 'path: got "a", want it to begin with a slash'),
    (f'path = ""; {HELLO}', 'path: got "", want it to begin with a slash'),
    (f'path = "/a/"; {HELLO}', 'path: got "/a/", want no slash at its end'),
    (f'path = "/a//b"; {HELLO}', "want no segment that is empty, . or .."),
    (f'path = "/a/../b"; {HELLO}', "want no segment that is empty, . or .."),
    (f'path = "/.."; {HELLO}', "want no segment that is empty, . or .."),
    (f'path = "/a%20b"; {HELLO}', "want none of %, ?, #"),
    (f'path = "/a?b"; {HELLO}', "want none of %, ?, #"),
    (f'path = "/a\\x1bb"; {HELLO}', 'path: got "/a?b"'),
    (f'host = "example.org:80"; {HELLO}', 'host: got "example.org:80"'),
    (f'host = "*"; {HELLO}', 'host: got "*"'),
    (f'host = "a.*.org"; {HELLO}', 'host: got "a.*.org"'),
    (f'host = "*.*.org"; {HELLO}', 'host: got "*.*.org"'),
    (f'host = "example.org."; {HELLO}', 'host: got "example.org."'),
    (f'host = "[::1"; {HELLO}', 'host: got "[::1"'),
    (f'methods = [ "get" ]; {HELLO}', 'methods: got "get", want a method in capitals'),
    (f'methods = [ "GET", "" ]; {HELLO}', 'methods: got ""'),
    (f'methods = [ "GET POST" ]; {HELLO}', 'methods: got "GET POST"'),
    (f'methods = [ "TRACE" ]; {HELLO}', 'methods: got "TRACE", want none that is never served'),
    ('redirect = "x";', 'redirect: got "x"'),
    ('redirect = "//x";', 'redirect: got "//x"'),
    ('redirect = "/{host}";', 'redirect: got "/{host}"'),
    ('redirect = "/a b";', 'redirect: got "/a b"'),
    ('redirect = "javascript:x";', 'redirect: got "javascript:x"'),
    ('redirect = "/x"; status = 304;', "status: got 304, want 301, 302, 303, 307 or 308"),
    (f'headers = [ "X" ]; {HELLO}', 'headers: got "X", want "Name: value"'),
    (f'headers = [ "X y: z" ]; {HELLO}', 'headers: got "X y: z", want "Name: value"'),
    (f'headers = [ ": z" ]; {HELLO}', 'headers: got ": z", want "Name: value"'),
    (f'headers = [ "X: a\\r\\nY: b" ]; {HELLO}', 'headers: got "X: a??Y: b", want "Name: value"'),
    (f'headers = [ "content-length: 5" ]; {HELLO}', "want none that modus sets itself"),
    (f'headers = [ "Transfer-Encoding: chunked" ]; {HELLO}', "want none that modus sets itself"),
]


def said_of(place, routes, more=""):
    place.config(routes, more)
    status, said = place.run("check")
    same(f"the status of {routes!r}, of which was said {said!r}", status, 1)
    return said


@case("modus check refuses routes that cannot be meant, and says which, and why")
def refused(stage):
    with stage.place() as place:
        for route, why in REFUSED:
            said = said_of(place, [f'path = "/fine"; {HELLO}', route])
            want = "conf:5: handler: plugin web refuses its settings: routes: number 2: "
            same(f"{want}{why} in {said!r}", said.startswith(want) and why in said, True)
            same(f"what is for a terminal in {said!r}", "\x1b" in said, False)


@case("modus check: what the rows say themselves, with their lines")
def rows(stage):
    wrong = [(['path = 5; redirect = "/x";'], "", "conf:6: path: got 5, want a text in quotes"),
             (['redirect = "/x"; status = 200;'], "", "conf:6: status: got 200, want a whole number"),
             (['redirect = "/x"; method = [];'], "", 'conf:6: method: unknown key; did you mean "methods"?'),
             (['app = "no_such_plugin";'], "", 'conf:6: app: no plugin "no_such_plugin"'),
             (['app = { type = "web_status"; };'], "", "conf:6: control: missing, want a text in quotes"),
             (['app = { type = "web_status"; control = "x"; };'], "",
              'conf:6: app: plugin web_status refuses its settings: control: got "x", want unix:///path'),
             ([HELLO], 'access_format = "xml";', 'conf:5: access_format: got "xml", want one of "combined", "json"'),
             ([HELLO], "http = { head = 1; };", "conf:5: head: got 1, want a size")]
    with stage.place() as place:
        for routes, more, want in wrong:
            said = said_of(place, routes, more)
            same(f"{want!r} in {said!r}", want in said, True)
        place.write('services = ( { name = "w"; listen = [ "tcp://127.0.0.1:0" ]; model = "fork";\n'
                    '  handler = "web"; } );\n')
        status, said = place.run("check")
        none = "conf:2: handler: plugin web refuses its settings: routes: got none"
        same("no route", (status, none in said), (1, True))


@case("modus check takes what is well")
def taken(stage):
    routes = [HELLO, f'host = "*.example.org"; path = "/a b"; methods = [ "GET", "M-SEARCH" ]; {HELLO}',
              f'host = "[2001:db8::1]"; headers = [ "X:", "Y: é" ]; {HELLO}', f'path = "/s"; {STATUS}',
              'redirect = "http://example.org/?a=b#c";', 'redirect = "{path}";']
    with stage.place() as place:
        place.config(routes, 'http = { head = "8K"; body = "10M"; }; access_log = "-"; access_format = "json";')
        same("modus check", place.run("check"), (0, "conf: 1 service, all is well\n"))

# SPDX-License-Identifier: MIT
"""Which route a request takes, and what of the application's response it changes."""
from server import HELLO, case, same


def route(name, more):
    return f'headers = [ "X-Route: {name}" ]; {more}'


def taken(server, target, host="localhost", method="GET"):
    response = server.ask(target, host=host, method=method)
    return response.get("X-Route") if response.status == 200 else response.status


@case("the longest path, in whole segments")
def paths(stage):
    routes = [route("a", f'path = "/a"; {HELLO}'), route("root", f'path = "/"; {HELLO}'),
              route("a-b", f'path = "/a/b"; {HELLO}'), route("blank", f'path = "/two words"; {HELLO}')]
    want = {"/": "root", "/x": "root", "/a": "a", "/a/": "a", "/a?b=/a/b": "a", "/a/bc": "a", "/ab": "root",
            "/a/b": "a-b", "/a/b/c/d": "a-b", "/%61/%62": "a-b", "/a/x/../b": "a-b", "/a/./b": "a-b",
            "/A": "root", "/two%20words": "blank", "/two+words": "root", "//a": "root"}
    with stage.serve(routes) as server:
        for target, name in want.items():
            same(target, taken(server, target), name)


@case("no route: 404")
def nothing(stage):
    with stage.serve([f'path = "/a"; {HELLO}', f'host = "example.org"; path = "/b"; {HELLO}']) as server:
        for target, host, status in (("/", "x", 404), ("/b", "x", 404), ("/ab", "x", 404), ("/a", "x", 200),
                                     ("/b", "example.org", 200), ("/c", "example.org", 404)):
            same((target, host), server.ask(target, host=host).status, status)


@case("an exact host before a wildcard before any, whatever the path")
def hosts(stage):
    routes = [route("any-long", f'path = "/a/b"; {HELLO}'), route("any", HELLO),
              route("wild", f'host = "*.example.org"; {HELLO}'),
              route("exact", f'host = "Example.org"; path = "/a"; {HELLO}'),
              route("www", f'host = "www.example.org"; path = "/a"; {HELLO}'),
              route("v6", f'host = "[::1]"; {HELLO}'), route("v4", f'host = "127.0.0.1"; {HELLO}')]
    want = {("/", "localhost"): "any", ("/a/b", "localhost"): "any-long", ("/a/b", "example.org"): "exact",
            ("/a", "EXAMPLE.ORG:8080"): "exact", ("/a", "example.org."): "exact", ("/b", "example.org"): "any",
            ("/a/b", "sub.example.org"): "wild", ("/a/b", "SUB.Example.Org:1"): "wild",
            ("/a", "www.example.org"): "www", ("/b", "www.example.org"): "wild",
            ("/", "a.b.example.org"): "any", ("/", "xexample.org"): "any", ("/", ".example.org"): "any",
            ("/", "sub.example.org.evil"): "any", ("/", "[::1]:80"): "v6", ("/", "127.0.0.1"): "v4"}
    with stage.serve(routes) as server:
        for (target, host), name in want.items():
            got = taken(server, target, host)
            if host == ".example.org" and got == 400:
                continue  # it need not be taken for a host
            same((target, host), got, name)


@case("methods: a route that names them first; 405 with Allow, OPTIONS")
def methods(stage):
    routes = [route("all", f'path = "/both"; {HELLO}'),
              route("get", f'path = "/both"; methods = [ "GET" ]; {HELLO}'),
              'path = "/m"; methods = [ "PUT", "POST" ]; status = 303; redirect = "/put";',
              route("m", f'path = "/m"; methods = [ "GET" ]; {HELLO}'),
              'path = "/m/only"; methods = [ "DELETE" ]; status = 303; redirect = "/deleted";']
    with stage.serve(routes) as server:
        same("GET /both", taken(server, "/both"), "get")
        same("HEAD /both", taken(server, "/both", method="HEAD"), "get")
        same("POST /both", server.ask("/both", method="POST").get("Allow"), "GET, HEAD, OPTIONS")
        same("GET /m", taken(server, "/m"), "m")
        same("PUT /m", server.ask("/m", method="PUT").get("Location"), "/put")
        same("GET /m/only", taken(server, "/m/only"), "m")
        same("DELETE /m/only", server.ask("/m/only", method="DELETE").get("Location"), "/deleted")
        for target, want in (("/m", "PUT, POST, GET, HEAD, OPTIONS"),
                             ("/m/only", "DELETE, PUT, POST, GET, HEAD, OPTIONS")):
            for method, status in (("PATCH", 405), ("OPTIONS", 204), ("TRACE", 405)):
                response = server.ask(target, method=method)
                same((method, target), response.status, status)
                if method != "TRACE":  # that is refused before there is a route
                    same((method, target), sorted(response.get("Allow").split(", ")), sorted(want.split(", ")))
        same("POST /none", server.ask("/none", method="POST").status, 404)
        same("OPTIONS *", server.ask("*", method="OPTIONS").status, 204)


@case("of two that are alike, the first")
def ties(stage):
    with stage.serve([route("first", HELLO), route("second", HELLO)]) as server:
        same("the route", taken(server, "/"), "first")


@case("headers: on what the application makes, on its errors, on redirects and for HEAD")
def headers(stage):
    listed = '[ "X-Frame-Options: DENY", "Link:  </a>; rel=x  ", "link: </b>; rel=y", "Content-Type: text/x" ]'
    routes = [f"headers = {listed}; {HELLO}",
              f'path = "/r"; headers = {listed}; redirect = "/";',
              f'path = "/s"; headers = {listed}; app = {{ type = "web_status"; control = "/nowhere"; }};']
    with stage.serve(routes) as server:
        for target, method, status in (("/", "GET", 200), ("/", "HEAD", 200), ("/", "POST", 405), ("/r", "GET", 308),
                                       ("/s/none", "GET", 404), ("/s", "GET", 503)):
            response = server.ask(target, method=method)
            same((method, target), response.status, status)
            same((method, target), response.get("X-Frame-Options"), "DENY")
            same((method, target), response.all("Link"), ["</a>; rel=x", "</b>; rel=y"])
            same((method, target), len(response.all("Content-Type")), 1)
        same("the application's own", server.ask("/").get("Content-Type"), "text/plain; charset=utf-8")


@case("hello_web greets")
def hello(stage):
    with stage.serve([HELLO]) as server:
        for query, name in (("", "world"), ("?name=Ada", "Ada"), ("?x=1&name=Ada+L%2E&name=B", "Ada L."),
                            ("?name=", "world"), ("?name=%C3%84", "Ä"), ("?name=%3Cb%3E", "<b>")):
            response = server.ask("/" + query)
            same(query, (response.status, response.text), (200, f"Hello, {name}!\n"))
            same(query, response.get("Content-Type"), "text/plain; charset=utf-8")
        head = server.ask("/?name=Ada", method="HEAD")
        same("HEAD", (head.status, head.get("Content-Length")), (200, str(len("Hello, Ada!\n"))))


@case("a connection serves requests of several routes, one after the other")
def keeps(stage):
    routes = [route("root", HELLO), route("a", f'path = "/a"; {HELLO}')]
    with stage.serve(routes) as server, server.connect() as c:
        for turn in range(20):
            same(turn, c.ask("/a" if turn % 2 else "/").get("X-Route"), "a" if turn % 2 else "root")
            same("404", c.ask("/", method="PUT").status, 405)
        one = b"GET /%s HTTP/1.1\r\nHost: x\r\n\r\n"
        c.socket.sendall(one % b"a" + one % b"" + one % b"a")
        same("pipelined", [c.send(b"").get("X-Route") for _ in range(3)], ["a", "root", "a"])


@case("a web within a web: its applications are mounted below both")
def nested(stage):
    inner = ('{ type = "web"; routes = ( { path = "/deep"; app = { type = "web_status"; control = "/nowhere/x"; }; },'
             f' {{ path = "/h"; {HELLO} }}, {{ path = "/r"; redirect = "/new{{path}}"; }} ); }}')
    with stage.serve([f'path = "/outer"; app = {inner};', route("root", HELLO)]) as server:
        same("an application", server.ask("/outer/h?name=Ada").text, "Hello, Ada!\n")
        same("no route within", server.ask("/outer/x").status, 404)
        same("its place", server.ask("/outer/deep/data").status, 503)
        same("its place", server.ask("/outer/deep/deep").status, 404)
        same("what is below a redirect", server.ask("/outer/r/x/y").get("Location"), "/new/x/y")

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A page as Python's http.server serves one, a thread for each connection: http_hello.py PORT

modus compare --models none -a 'python={here}/compare/rivals/http_hello.py {port}' --http /hello
"""
import http.server
import sys

PAGE = b"hello\n"


class Hello(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536  # else head and body are two packets, of which the second waits for an ACK

    def do_HEAD(self):
        known = self.path == "/hello"
        self.send_response(200 if known else 404)
        self.send_header("Content-Length", len(PAGE) if known else 0)
        self.end_headers()
        return known

    def do_GET(self):
        if self.do_HEAD():
            self.wfile.write(PAGE)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.do_GET()

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 1024


def main():
    if len(sys.argv) != 2 or not sys.argv[1].isdigit():
        sys.exit(f"usage: {sys.argv[0]} PORT")
    with Server(("127.0.0.1", int(sys.argv[1])), Hello) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()

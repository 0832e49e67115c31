#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An echo server as Python's standard library makes one: echo_socketserver.py threading|forking PORT

modus compare -a 'threading={here}/compare/rivals/echo_socketserver.py threading {port}'
"""
import socket
import socketserver
import sys


class Echo(socketserver.BaseRequestHandler):
    def setup(self):
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)

    def handle(self):
        while data := self.request.recv(65536):
            self.request.sendall(data)


class Threading(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    request_queue_size = 1024


class Forking(socketserver.ForkingTCPServer):
    allow_reuse_address = True
    request_queue_size = max_children = 1024


KINDS = {"threading": Threading, "forking": Forking}


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in KINDS or not sys.argv[2].isdigit():
        sys.exit(f"usage: {sys.argv[0]} threading|forking PORT")
    with KINDS[sys.argv[1]](("127.0.0.1", int(sys.argv[2])), Echo) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()

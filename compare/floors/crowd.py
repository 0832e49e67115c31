# SPDX-License-Identifier: MIT
"""A crowd in every state that a connection can be in, when its server is told to stop.

The server's handler is "every" of tests/fixtures, whose line protocol the states are made of.
"""
import os
import resource
import signal
import socket
import time

from laboratory import Failure, family

GRACE, MORE = 2, 1.5  # seconds that TERM may take: the grace, and what comes after it
CROWD = 10000
CEILINGS = {"epoll": "loops = 1; max_fibers = 10100;", "pool": "threads = 1024;", "thread": "max_threads = 10100;",
            "fork": "max_children = 10100;"}
PATIENCE = 30  # seconds that anything may take
SETTLE = 0.3  # until a server has read what was sent last
LATE = 4000000  # bytes of a reply that no buffers take up


class State:
    """How a connection gets there, and what it still has to hear: None where no request could end."""

    def __init__(self, name, share, request="", hears="", half_closes=False, later="", reply=None):
        self.name, self.share, self.half_closes = name, share, half_closes
        self.request, self.hears, self.later = request.encode(), hears.encode(), later.encode()
        self.reply = reply


STATES = [
    State("silent", 3000),
    State("parked", 4600, "echo x\n", "ok x\n"),
    State("half a request", 750, "echo ha"),
    State("half a request, the rest comes", 750, "echo ha", later="lf\n", reply=len("ok half\n")),
    State("never reads its reply", 160, "big 60000000\n", "ok 60000000\n"),
    State("reads its reply late", 20, f"big {LATE}\n", f"ok {LATE}\n", reply=LATE),
    State("long work", 180, "echo x\nsleep 600000\n", "ok x\n"),
    State("half-closed, long work", 90, "echo x\nsleep 600000\n", "ok x\n", half_closes=True),
]
BRIEF = [  # those that do not last long come last
    State("short work", 180, "echo x\nsleep 700\n", "ok x\n", reply=len("ok\n")),
    State("half-closed, short work", 90, "echo x\nsleep 700\n", "ok x\n", half_closes=True, reply=len("ok\n")),
    State("lingering", 180, "quit\nnot read", "ok\n"),
]


class Client:
    def __init__(self, server, state):
        self.state, self.socket = state, socket.create_connection(server.address(), PATIENCE)
        self.socket.sendall(state.request)
        if state.half_closes:
            self.socket.shutdown(socket.SHUT_WR)

    def hear(self):
        """What shows that it is there."""
        got = self.socket.recv(len(self.state.hears), socket.MSG_WAITALL) if self.state.hears else b""
        if got != self.state.hears:
            raise Failure(f"{self.state.name}: want {self.state.hears}, got {got}")

    def is_cut(self):
        """Whether the rest of its reply does not come whole."""
        got = 0
        try:
            while piece := self.socket.recv(1 << 18):
                got += len(piece)
        except OSError:
            pass
        return got != self.state.reply


def size(model):
    """How many connections there are to be: a third of the processes, or threads, that there may be."""
    with open("/proc/sys/kernel/pid_max", encoding="ascii") as f:
        most = int(f.read())
    limit, _ = resource.getrlimit(resource.RLIMIT_NPROC)
    if limit != resource.RLIM_INFINITY:
        most = min(most, limit)
    return min(CROWD, most // 3) if model in ("thread", "fork") else CROWD


def come(server, states, total):
    """Clients in all of these states, when they are there."""
    every = sum(state.share for state in STATES + BRIEF)
    clients = [Client(server, state) for state in states for _ in range(max(1, state.share * total // every))]
    for client in clients:
        client.hear()
    return clients


def await_taken(server, count):
    """Waits until so many were accepted: each has been through setup()."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with socket.create_connection(server.address(), PATIENCE) as asking:
            asking.sendall(b"counts\n")
            said = asking.makefile().readline()
        if int(said.split("setup=")[1].split()[0]) > count:
            time.sleep(SETTLE)
            return
        time.sleep(0.01)
    raise Failure(f"{count} connections were not accepted: {said}")


def stop(lab, model):
    """(connections, seconds from TERM to the end of the tree, requests that could end, those cut)"""
    with lab.model(model, grace=GRACE, foreground=False, handler="every", ceiling=CEILINGS[model]) as server:
        clients = come(server, STATES, size(model))
        await_taken(server, len(clients))
        clients += come(server, BRIEF, size(model))
        pids, begin = family(server.pid), time.monotonic()
        os.kill(server.pid, signal.SIGTERM)
        for client in clients:
            if client.state.later:
                client.socket.sendall(client.state.later)
        could = [client for client in clients if client.state.reply is not None]
        cut = sum(client.is_cut() for client in could)
        took = server.await_end(pids, begin)
        for client in clients:
            client.socket.close()
    return len(clients), took, len(could), cut


def bench_crowd(lab, model):
    count, took, could, cut = stop(lab, model)
    print(f"{model}: TERM with {count} connections in every state ended all in {took:.2f} s; at most {GRACE + MORE}: "
          f"{'met' if took <= GRACE + MORE else 'missed'}\n"
          f"    of {could} requests that could end within the grace {cut} were cut; none: "
          f"{'missed' if cut else 'met'}", flush=True)

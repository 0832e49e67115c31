# SPDX-License-Identifier: MIT
"""The HTTP servers that modus stands beside, and what they serve.

Each is started with a configuration of its own: one worker, connections kept for an hour, no log of
accesses.  Beyond that nothing is tuned, but that files are sent by sendfile() where it has to be said.
"""
import os
import random
import resource
import shutil
import socket
import subprocess
import tempfile
import time

from laboratory import PATIENCE, Failure, Server

HELLO = b"Hello, world!\n"  # what the plugin hello_web says to who gives no name
HELLO_PATH = "/hello.txt"
PLACES = os.environ.get("PATH", "") + ":/usr/sbin"
BLOCK = 1 << 20
FILES = 32768  # that a server may open, if it may

MODUS = """\
log_level = "info";
services = ({{
  name = "bench"; listen = [ "tcp://127.0.0.1:0" ];
  model = {{ type = "epoll"; loops = 1; }};
  handler = {handler};
  limits = {{ connections = 30000; }};
  timeouts = {{ idle = 3600; grace = 1; }};
}});
"""
HANDLERS = {"hello": '{{ type = "hello_web"; }}', "files": '{{ type = "files"; root = "{root}"; }}'}

NGINX = """\
daemon off;
master_process off;
worker_processes 1;
pid {dir}/pid;
error_log stderr;
events {{ worker_connections 16384; }}
http {{
	access_log off;
	default_type text/plain;
	sendfile on;
	keepalive_timeout 3600;
	keepalive_requests 1000000000;
	client_body_temp_path {dir}/body; proxy_temp_path {dir}/proxy; fastcgi_temp_path {dir}/fastcgi;
	uwsgi_temp_path {dir}/uwsgi; scgi_temp_path {dir}/scgi;
	server {{
		listen 127.0.0.1:{port} backlog=4096;
		root {root};
		location = /hello.txt {{ return 200 "Hello, world!\\n"; }}
	}}
}}
"""

H2O = """\
num-threads: 1
max-connections: 16384
tcp-fastopen: 0
http1-request-timeout: 3600
hosts:
  default:
    listen: {{ host: 127.0.0.1, port: {port} }}
    paths:
      /:
        file.dir: {root}
"""

LIGHTTPD = """\
server.bind = "127.0.0.1"
server.port = {port}
server.document-root = "{root}"
server.max-connections = {half}
server.max-fds = {files}
server.max-keep-alive-idle = 3600
server.max-keep-alive-requests = 65535
server.listen-backlog = 4096
mimetype.assign = ( "" => "text/plain" )
"""

APACHE = """\
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
ServerName localhost
Listen 127.0.0.1:{port}
ListenBacklog 4096
User "#65534"
Group "#65534"
PidFile {dir}/pid
DefaultRuntimeDir {dir}
ErrorLog /dev/stderr
DocumentRoot {root}
EnableSendfile On
StartServers 1
ServerLimit 1
ThreadLimit 1024
ThreadsPerChild 1024
MaxRequestWorkers 1024
MinSpareThreads 1
MaxSpareThreads 2048
AsyncRequestWorkerFactor 16
MaxKeepAliveRequests 0
KeepAliveTimeout 3600
"""


class Site:
    """A directory with the files, and room for what the servers need."""

    def __init__(self, sizes):
        self.dir = tempfile.TemporaryDirectory(prefix="modus-peers.")
        os.chmod(self.dir.name, 0o755)  # servers that are started by root become somebody else
        self.root = os.path.join(self.dir.name, "root")
        os.mkdir(self.root)
        self.write(HELLO_PATH, HELLO, 1)
        block = random.Random(1).randbytes(BLOCK)
        for size in sizes:
            self.write(path_of(size), block[:size], max(1, size // BLOCK))

    def write(self, path, piece, times):
        with open(self.file(path), "wb") as f:
            for _ in range(times):
                f.write(piece)

    def file(self, path):
        return self.root + path

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.dir.cleanup()


def path_of(size):
    return f"/{size}.bin"


class Peer:
    """A kind of server: its program, how it is started, and whether it has a text that is no file."""

    def __init__(self, name, package, config, arguments, version, text=False):
        self.name, self.package, self.config, self.arguments = name, package, config, arguments
        self.version_option, self.text = version, text
        self.program = shutil.which(name, path=PLACES)

    def version(self):
        said = subprocess.run([self.program, self.version_option], capture_output=True, text=True, check=False)
        return (said.stdout + said.stderr).strip().split("\n")[0]

    def start(self, site):
        return PeerServer(self, site)


def all_peers():
    return [
        Peer("nginx", "nginx-light", NGINX, "-p {dir} -e stderr -c {config}", "-v", text=True),
        Peer("h2o", "h2o", H2O, "-c {config}", "-v"),
        Peer("lighttpd", "lighttpd", LIGHTTPD, "-D -f {config}", "-v"),
        Peer("apache2", "apache2-bin", APACHE, "-d {dir} -f {config} -D FOREGROUND", "-v"),
    ]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class PeerServer(Server):
    def __init__(self, peer, site):
        self.dir, self.port = tempfile.mkdtemp(prefix=peer.name + ".", dir=site.dir.name), free_port()
        files = min(FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
        names = {"dir": self.dir, "root": site.root, "port": self.port, "config": self.dir + "/config",
                 "files": files, "half": files // 2}
        with open(names["config"], "w", encoding="ascii") as f:
            f.write(peer.config.format(**names))
        super().__init__([peer.program] + [word.format(**names) for word in peer.arguments.split()])

    def await_ready(self, argv):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            with socket.socket() as probe:
                if not probe.connect_ex(("127.0.0.1", self.port)):
                    return f"tcp://127.0.0.1:{self.port}"
            time.sleep(0.005)
        raise Failure(f"{argv[0]} did not get ready; it said:\n{self.said()}")

    def end(self):
        super().end()
        shutil.rmtree(self.dir, ignore_errors=True)


class Modus:
    """modus itself, in the form of a peer."""

    name, text = "modus", True

    def __init__(self, lab, handler):
        self.lab, self.handler = lab, HANDLERS[handler]

    def start(self, site):
        with tempfile.NamedTemporaryFile("w", dir=site.dir.name, suffix=".conf", delete=False) as f:
            f.write(MODUS.format(handler=self.handler.format(root=site.root)))
        return Server([self.lab.modus, "serve", "--foreground", f.name], self.lab.env)

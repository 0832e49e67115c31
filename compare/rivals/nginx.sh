#!/bin/sh
# SPDX-License-Identifier: MIT
#
# nginx with one worker, which has a page /hello, and answers else with a head alone: nginx.sh PORT DIRECTORY
#
#   modus compare --models none -a 'nginx={here}/compare/rivals/nginx.sh {port} {dir}' --http /hello
#   modus compare -a 'nginx={here}/compare/rivals/nginx.sh {port} {dir}' --script compare/rivals/head.script
set -eu
[ $# -eq 2 ] || {
	echo "usage: $0 PORT DIRECTORY" >&2
	exit 2
}
PATH=$PATH:/usr/sbin
cat >"$2/nginx.conf" <<END
daemon off;
pid $2/nginx.pid;
error_log stderr;
worker_processes 1;
events { worker_connections 16384; }
http {
	access_log off;
	keepalive_requests 1000000000;
	client_body_temp_path $2/body;
	proxy_temp_path $2/proxy;
	fastcgi_temp_path $2/fastcgi;
	uwsgi_temp_path $2/uwsgi;
	scgi_temp_path $2/scgi;
	server {
		listen 127.0.0.1:$1 backlog=1024;
		location = /hello { return 200 "hello\n"; }
		location = /moved { return 301 /hello; }
		location / { return 204; }
	}
}
END
exec nginx -p "$2" -e stderr -c "$2/nginx.conf"

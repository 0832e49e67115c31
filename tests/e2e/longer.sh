# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# longer FILE COMMAND...: runs it with --duration 0.3, else with 1, else with 4, until it ends with
# status 0; what the last run printed is in FILE.  On a busy machine a server may not have its turn in
# all of a short time, and a comparison with a row without replies ends with 1.
longer() {
	local file=$1 seconds
	shift
	for seconds in 0.3 1 4; do
		"$@" --duration "$seconds" >"$file" 2>&1 && return
	done
	return 1
}

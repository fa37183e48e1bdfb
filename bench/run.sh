#!/usr/bin/env bash
# Measures the gateway beside a bare reverse proxy and beside other proxies, prints a table
# and writes RESULTS.md. Takes about 10 minutes and wants the machine for itself.
#
#   bench/run.sh           all rows, with the peers that are here
#   bench/run.sh -short    against the bare proxy only, under a minute; fails where a goal
#                          is missed by more than noise. CI runs it.
#
# Further arguments go to compare: -rounds N, -time DURATION, and -only PART for a part of
# all rows (rounds, starts, operations or benchmarks), which is printed and not kept.
set -euo pipefail
cd "$(dirname "$0")"

# The proxies run on core 0, everything around them on core 1.
proxies=0 others=1
oauth2_proxy=github.com/oauth2-proxy/oauth2-proxy/v7@v7.15.6

bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
export CGO_ENABLED=0
# Installed, as users have it: the pages of a file that has just been linked come to memory
# 2 MB at a time, and all of them count.
(cd .. && go build -trimpath -o "$bin/linked" ./cmd/gateway)
cp "$bin/linked" "$bin/gateway"
go build -trimpath -o "$bin/compare" ./compare

args=(-root .. -core "$proxies" -gateway "$bin/gateway")
if [ "${1-}" = -short ]; then
  args+=(-rounds 9 -time 250ms)
else
  args+=(-out RESULTS.md)
  # Without a network they are left out, with a message.
  if GOBIN=$bin go install "$oauth2_proxy" >"$bin/log" 2>&1; then
    args+=(-oauth2-proxy "$bin/oauth2-proxy")
  fi
  if (cd krakend && go build -trimpath -o "$bin/krakend" .) >"$bin/log" 2>&1; then
    args+=(-krakend "$bin/krakend")
  fi
fi
taskset -c "$others" "$bin/compare" "${args[@]}" "$@"

#!/usr/bin/env bash
# One run on 1 worker, one on 2, one killed with SIGKILL in its middle and resumed: prints the three adapter hashes, exits 1 if they differ.
#   benchmarks/determinism.sh [FILE.yaml] [SECONDS_UNTIL_KILLED]
set -euo pipefail
cd "$(dirname "$0")/.."
file=${1:-examples/quickstart.yaml}
kill_after=${2:-8}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
hash() { sed -n 's/.*"adapter_sha256" *: *"\([0-9a-f]*\)".*/\1/p' "$1" | tail -n 1; }
./fedfm run "$file" -c simulation.workers=1 --runs "$out/one" --format json > "$out/one.json" 2>> "$out/log"
./fedfm run "$file" -c simulation.workers=2 --runs "$out/two" --format json > "$out/two.json" 2>> "$out/log"
setsid ./fedfm run "$file" -c simulation.workers=2 --runs "$out/three" --format json > "$out/killed.json" 2>> "$out/log" &
victim=$!
sleep "$kill_after"
kill -KILL -- "-$victim"
wait "$victim" 2>/dev/null || true
echo "rounds complete when killed: $(find "$out/three" -type d -name 'round_*' | wc -l)"
./fedfm run --resume "$(find "$out/three" -mindepth 1 -maxdepth 1 -type d | head -n 1)" --format json > "$out/three.json" 2>> "$out/log"
one=$(hash "$out/one.json") two=$(hash "$out/two.json") three=$(hash "$out/three.json")
printf '1 worker   %s\n2 workers  %s\nresumed    %s\n' "$one" "$two" "$three"
[ -n "$one" ] && [ "$one" = "$two" ] && [ "$two" = "$three" ]

#!/usr/bin/env bash
# A client in Python, written from core/docs/protocol.md, document.md and records.md alone, against a real relay; its
# changes against Automerge in JavaScript, where that is to be had.
set -uo pipefail
. tests/prepare/rust.sh
. tests/prepare/python.sh
. tests/prepare/node.sh

mapfile -t packages < tests/protocol/requirements.txt
prepare_python "${packages[@]}" || { echo "passed 0 failed 0 skipped 1"; exit 0; }
prepare_node @automerge/automerge && export CARTERA_NODE_MODULES=$node_modules

cargo build --release -p cartera-relay --locked || { echo "passed 0 failed 1 skipped 0"; exit 1; }
CARTERA_RELAY=$(realpath "${CARGO_TARGET_DIR:-target}")/release/cartera-relay
export CARTERA_RELAY PYTHONDONTWRITEBYTECODE=1

out=$(mktemp)
trap 'rm -f "$out"' EXIT
"$python" -m pytest -q -p no:cacheprovider --rootdir tests/protocol tests/protocol 2>&1 | tee "$out"
code=${PIPESTATUS[0]}
count() { grep -oE "[0-9]+ $1" <<< "$(tail -1 "$out")" | grep -oE '^[0-9]+' || echo 0; }
failed=$(count failed) errors=$(count error)
[ "$code" -le 1 ] || [ "$((failed + errors))" -gt 0 ] || failed=1
echo "passed $(count passed) failed $((failed + errors)) skipped $(count skipped)"
exit "$code"

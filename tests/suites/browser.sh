#!/usr/bin/env bash
# The console in Debian's Chromium, on the demo's real customer base: every page, what people do there, axe-core.
set -uo pipefail
. tests/prepare/rust.sh
. tests/prepare/node.sh
. tests/prepare/debian.sh

# Debian's, or one that is there already.
chromium=$(command -v chromium || command -v google-chrome)
[ -n "$chromium" ] || prepare_debian chromium chromium || { echo "passed 0 failed 0 skipped 1"; exit 0; }
prepare_node_locked tests/browser || { echo "passed 0 failed 0 skipped 1"; exit 0; }

# The same build as the Rust suite makes.
cargo build --release --workspace --all-targets --locked || { echo "passed 0 failed 1 skipped 0"; exit 1; }
relay=${CARGO_TARGET_DIR:-target}/release/cartera-relay

work=$(mktemp -d)
"$relay" demo --language es --customers "${CARTERA_CUSTOMERS:-6000}" --folder "$work/demo" > "$work/demo.log" 2>&1 &
demo=$!
trap 'kill "$demo" 2> /dev/null; wait "$demo" 2> /dev/null; rm -rf "$work"' EXIT
link=
for _ in $(seq 600); do
  link=$(grep -oE 'https?://[^ ]+/welcome\?[^ ]+' "$work/demo.log") && break
  kill -0 "$demo" 2> /dev/null || break
  sleep 0.2
done
[ -n "$link" ] || { cat "$work/demo.log"; echo "passed 0 failed 1 skipped 0"; exit 1; }

node tests/browser/run.mjs --url "${link%%/welcome*}" --link "$link" --relay "$relay" --data "$work/demo/relay" \
  --modules "$node_modules" --chromium "${chromium:-$(command -v chromium)}" --work "$work" ${CARTERA_SHOTS:+--shots "$CARTERA_SHOTS"}

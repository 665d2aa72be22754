#!/usr/bin/env bash
# The export, read by other people's programs: Python, DuckDB, LibreOffice, Apache Olingo, jq, Automerge in JavaScript.
#
# The relay is the demo's, with a real customer base, and clients whose names are made of SQL, HTML and formulas.
set -uo pipefail
. tests/prepare/rust.sh
. tests/prepare/python.sh
. tests/prepare/node.sh
. tests/prepare/debian.sh
. tests/prepare/java.sh

# LibreOffice without a screen is 90 MB to fetch: installed where tests install what they lack, skipped elsewhere.
prepare_python duckdb cbor2 zstandard prometheus_client openapi-spec-validator || { echo "passed 0 failed 0 skipped 1"; exit 0; }
have=()
prepare_node @automerge/automerge && have+=(--node "$node_modules")
prepare_debian jq jq && have+=(--jq jq)
prepare_java tests/formats/odata OData && have+=(--java "$java_classes")
prepare_debian soffice libreoffice-calc-nogui && have+=(--soffice soffice)

# The same build as the Rust suite makes.
cargo build --release --workspace --all-targets --locked || { echo "passed 0 failed 1 skipped 0"; exit 1; }
relay=${CARGO_TARGET_DIR:-target}/release/cartera-relay

work=$(mktemp -d)
"$relay" demo --language en --customers "${CARTERA_CUSTOMERS:-6000}" --folder "$work/demo" > "$work/demo.log" 2>&1 &
demo=$!
trap 'kill "$demo" 2> /dev/null; wait "$demo" 2> /dev/null; rm -rf "$work"' EXIT
for _ in $(seq 600); do
  grep -q 'stays up' "$work/demo.log" && break
  kill -0 "$demo" 2> /dev/null || break
  sleep 0.2
done
curl=$(grep -m 1 "curl -H" "$work/demo.log") || { cat "$work/demo.log"; echo "passed 0 failed 1 skipped 0"; exit 1; }
token=$(sed -E "s/.*Bearer ([A-Za-z0-9_]+).*/\1/" <<< "$curl")
url=$(sed -E "s|.* (https?://[^/]+)/.*|\1|" <<< "$curl")

"$python" tests/formats/readers.py --url "$url" --token "$token" --relay "$relay" --data "$work/demo/relay" \
  --work "$work" "${have[@]}"

#!/usr/bin/env bash
# The phone's store encrypted. Built for itself, since features unify: nothing else of the workspace links SQLCipher.
# That a build without it refuses a key is tested with the rest of the engine.
set -uo pipefail
. tests/prepare/rust.sh
. tests/prepare/sqlcipher.sh
if [ ${#missing_sqlcipher[@]} -gt 0 ]; then
  echo "skip: SQLCipher needs ${missing_sqlcipher[*]} (tests/run --install installs them)"
  echo "passed 0 failed 0 skipped 1"
  exit 0
fi

out=$(mktemp)
trap 'rm -f "$out"' EXIT
cargo test --release -p cartera-core --features sqlcipher --test sqlcipher --no-fail-fast --locked 2>&1 | tee "$out"
code=${PIPESTATUS[0]}
awk '/^test result:/ { p += $4; f += $6; s += $8 } END { printf "passed %d failed %d skipped %d\n", p, f, s }' "$out"
exit "$code"

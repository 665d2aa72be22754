#!/usr/bin/env bash
# Movement, concentration, falling volume, payment and reach, a second time, in SQL: DuckDB over the files that the
# office's system sent, beside the figures of the relay that imported them.
set -uo pipefail
. tests/prepare/rust.sh
. tests/prepare/python.sh

prepare_python duckdb || { echo "passed 0 failed 0 skipped 1"; exit 0; }
# The same build as the Rust suite makes.
cargo build --release --workspace --all-targets --locked || { echo "passed 0 failed 1 skipped 0"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PYTHONDONTWRITEBYTECODE=1 "$python" tests/figures/oracle.py \
  --relay "${CARGO_TARGET_DIR:-target}/release/cartera-relay" --work "$work"

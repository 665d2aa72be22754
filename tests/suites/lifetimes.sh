#!/usr/bin/env bash
# Fits, expectations and CLV beside the Python package lifetimes, on CDNOW and on generated data.
set -uo pipefail
. tests/prepare/rust.sh
. tests/prepare/python.sh

# The package is of 2020: it has a Python environment of its own, with what was current when it last worked.
mapfile -t packages < tests/lifetimes/requirements.txt
prepare_python --home lifetimes "${packages[@]}" || { echo "passed 0 failed 0 skipped 1"; exit 0; }

cargo build --release --workspace --all-targets --locked || { echo "passed 0 failed 1 skipped 0"; exit 1; }
PYTHONDONTWRITEBYTECODE=1 "$python" tests/lifetimes/compare.py --models "${CARGO_TARGET_DIR:-target}/release/models"

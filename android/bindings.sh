#!/usr/bin/env bash
# The engine's Kotlin, from a library built for this machine:  android/bindings.sh FOLDER
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --workspace
built=$(realpath "${CARGO_TARGET_DIR:-target}")/release
library=$(ls "$built"/libcartera_ffi.{so,dylib} 2> /dev/null | head -1)
"$built/uniffi-bindgen" generate --no-format --language kotlin --library "$library" --out-dir "$1"

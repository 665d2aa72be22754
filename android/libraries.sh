#!/usr/bin/env bash
# The engine's library for phones, encrypted, into android/app/libs/<abi>: needs the NDK and cargo-ndk.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo ndk --platform 26 -t arm64-v8a -t armeabi-v7a -t x86_64 -o android/app/libs \
  build --profile dist -p cartera-ffi --features sqlcipher-vendored

#!/usr/bin/env bash
# On a Mac with Xcode and the Rust targets of Apple: builds CarteraFFIC.xcframework and the generated Swift into this
# package, with SQLCipher. Never run elsewhere: what it calls is Apple's. It was written without a Mac and has not been run.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
target=${CARGO_TARGET_DIR:-target}
export IPHONEOS_DEPLOYMENT_TARGET=17.0 MACOSX_DEPLOYMENT_TARGET=14.0
for triple in aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios aarch64-apple-darwin x86_64-apple-darwin; do
  rustup target add "$triple"
  cargo rustc --profile dist -p cartera-ffi --features sqlcipher-vendored --target "$triple" --crate-type staticlib --locked
done
# Of a library for this Mac the sources are generated.
cargo build --profile dist -p cartera-ffi --features sqlcipher-vendored --locked
cargo build --release -p cartera-bindgen --locked
generated=$(mktemp -d)
trap 'rm -rf "$generated"' EXIT
"$target/release/uniffi-bindgen" generate --language swift --library "$target/dist/libcartera_ffi.dylib" --out-dir "$generated"
mkdir -p "$here/Sources/CarteraFFI" "$generated/headers"
cp "$generated/CarteraFFI.swift" "$here/Sources/CarteraFFI/"
cp "$generated/CarteraFFIC.h" "$generated/headers/"
cp "$generated/CarteraFFIC.modulemap" "$generated/headers/module.modulemap"
universal() { lipo -create -output "$generated/$1/libcartera_ffi.a" "$target/$2/dist/libcartera_ffi.a" "$target/$3/dist/libcartera_ffi.a"; }
mkdir "$generated/simulator" "$generated/mac"
universal simulator aarch64-apple-ios-sim x86_64-apple-ios
universal mac aarch64-apple-darwin x86_64-apple-darwin
rm -rf "$here/CarteraFFIC.xcframework"
xcodebuild -create-xcframework -output "$here/CarteraFFIC.xcframework" \
  -library "$target/aarch64-apple-ios/dist/libcartera_ffi.a" -headers "$generated/headers" \
  -library "$generated/simulator/libcartera_ffi.a" -headers "$generated/headers" \
  -library "$generated/mac/libcartera_ffi.a" -headers "$generated/headers"

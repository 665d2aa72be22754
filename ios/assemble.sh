#!/usr/bin/env bash
# Puts the packages and what is generated for them together, for Linux:  ios/assemble.sh BUILT FOLDER
# BUILT has the engine's library, uniffi-bindgen and cartera-words; FOLDER/ios/State is the package then.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
built=$1 folder=$2
mkdir -p "$folder/ios" "$folder/generated"
"$built/uniffi-bindgen" generate --language swift --library "$built/libcartera_ffi.so" --out-dir "$folder/generated" > /dev/null
bash "$here/../bindings/swift/assemble.sh" "$folder/generated" "$folder/bindings/swift"
# What is a link into another package there is a file here.
cp -rL "$here/State" "$folder/ios/"
"$built/cartera-words" swift "$folder/ios/State"

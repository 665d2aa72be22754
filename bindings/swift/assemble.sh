#!/usr/bin/env bash
# Puts the Swift package and what was generated from the library together:  assemble.sh GENERATED FOLDER
# GENERATED is what `uniffi-bindgen generate --language swift` made.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
generated=$1 folder=$2
mkdir -p "$folder"
cp -r "$here/Package.swift" "$here/Sources" "$here/Tests" "$folder/"
mkdir -p "$folder/Sources/CarteraFFI" "$folder/Sources/CarteraFFIC"
cp "$generated/CarteraFFI.swift" "$folder/Sources/CarteraFFI/"
cp "$generated/CarteraFFIC.h" "$folder/Sources/CarteraFFIC/"
# The generated map uses Apple's modules.
printf 'module CarteraFFIC {\n    header "CarteraFFIC.h"\n    export *\n}\n' > "$folder/Sources/CarteraFFIC/module.modulemap"

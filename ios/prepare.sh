#!/usr/bin/env bash
# On a Mac with Xcode, Rust and XcodeGen: the engine's library, the generated Swift, the words, and the Xcode project.
# Written without a Mac; it has not been run.
set -euo pipefail
cd "$(dirname "$0")/.."
bash bindings/swift/make-xcframework.sh
cargo run --release -p cartera-words --locked -- swift ios/State
cargo run --release -p cartera-words --locked -- apple ios/App/Resources
xcodegen generate --spec ios/project.yml --project ios

#!/usr/bin/env bash
# The app's sources, as far as a compiler without Apple's frameworks reads them:  ios/check-screens.sh APP STAND_INS TREE
# APP is ios/App, STAND_INS is ios/StandIns, TREE what assemble.sh made, built. All of the app is parsed; its screens are
# compiled against stand-ins of SwiftUI and the real view models.
set -euo pipefail
app=$1 stand_ins=$2 tree=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
find "$app" -name '*.swift' -print0 | xargs -0 swiftc -frontend -parse
echo "parsed"
swiftc -swift-version 6 -parse-as-library -emit-module -module-name SwiftUI -o "$work/SwiftUI.swiftmodule" "$stand_ins/SwiftUI.swift"
swiftc -swift-version 6 -parse-as-library -typecheck -module-name Screens -I "$work" \
  -I "$tree/ios/State/.build/debug/Modules" -I "$tree/bindings/swift/Sources/CarteraFFIC" \
  "$stand_ins/App.swift" "$app"/RootView.swift "$app"/WorkView.swift "$app"/Components/*.swift "$app"/Screens/*.swift
echo "compiled"

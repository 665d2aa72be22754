#!/usr/bin/env bash
# The iOS app, as far as it runs without a Mac: view models on Linux, driven through the real engine and a real relay; the
# app's own sources parsed, and its screens compiled against stand-ins of SwiftUI.
set -uo pipefail
. tests/prepare/rust.sh
. tests/prepare/swift.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prepare_swift "$work" || { echo "passed 0 failed 0 skipped 1"; exit 0; }
# Clocks that are wrong; without it those tests are skipped.
prepare_debian faketime faketime
# The same build as the Rust suite makes.
cargo build --release --workspace --all-targets --locked || { echo "passed 0 failed 1 skipped 0"; exit 1; }
built=$(realpath "${CARGO_TARGET_DIR:-target}")/release
mkdir "$work/bin"
cp "$built"/{libcartera_ffi.so,cartera-relay,cartera-words,uniffi-bindgen} "$work/bin/"
bash ios/assemble.sh "$work/bin" "$work/tree" && "$work/bin/cartera-words" examples "$work" ||
  { echo "passed 0 failed 1 skipped 0"; exit 1; }
faketime=$(ls /usr/lib/*/faketime/libfaketimeMT.so.1 2> /dev/null | head -1)
[ -z "$faketime" ] || cp "$faketime" "$work/bin/"

out=$work/ios.log
export CARTERA_RELAY=$work/bin/cartera-relay CARTERA_WORDS_EXAMPLES=$work/examples.tsv
export CARTERA_FAKETIME=${faketime:+$work/bin/libfaketimeMT.so.1}
LD_LIBRARY_PATH=$work/bin timeout -k 10 900 "${swift[@]}" swift test --package-path "$work/tree/ios/State" \
  -Xlinker -L"$work/bin" -Xlinker --allow-shlib-undefined > "$out" 2>&1
code=$?
grep -E "error|warning: var|failed" "$out" | head -40
sed -nE 's/^.*: ([A-Za-z]+\.test[A-Za-z]+) : Test skipped: .* - (.*)$/skip: \1: \2/p' "$out"
count() { grep -cE "^Test Case .* $1" "$out"; }
passed=$(count passed) failed=$(count failed) skipped=$(count skipped)
[ "$passed" -gt 0 ] || { tail -30 "$out"; code=1; }
[ "$code" = 0 ] || [ "$failed" -gt 0 ] || failed=1
# The app's sources, against what was just built.
cp -r ios/App ios/StandIns ios/check-screens.sh "$work/"
"${swift[@]}" bash "$work/check-screens.sh" "$work/App" "$work/StandIns" "$work/tree" > "$out" 2>&1
for step in parsed compiled; do
  if grep -qx "$step" "$out"; then passed=$((passed + 1)); else failed=$((failed + 1)) code=1; fi
done
grep -E 'error' "$out" | head -20
echo "passed $passed failed $failed skipped $skipped"
exit "$code"

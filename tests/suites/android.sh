#!/usr/bin/env bash
# The Android app, as far as it runs without Android: view models and screens on the JVM, driven through the real engine
# and a real relay.
set -uo pipefail
. tests/prepare/rust.sh
. tests/prepare/maven.sh
. tests/prepare/debian.sh

prepare_maven android || { echo "passed 0 failed 0 skipped 1"; exit 0; }
# Clocks that are wrong; without it those tests are skipped.
prepare_debian faketime faketime
# The same build as the Rust suite makes.
cargo build --release --workspace --all-targets --locked || { echo "passed 0 failed 1 skipped 0"; exit 1; }
built=$(realpath "${CARGO_TARGET_DIR:-target}")/release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
cp "$built"/{libcartera_ffi.so,cartera-relay,cartera-words,uniffi-bindgen} "$work/bin/"

out=$work/android.log
mvn -B -ntp ${maven_offline:+-o} -f android/pom.xml -Dcartera.bin="$work/bin" -Dcartera.target="$work/target" \
  -fae test > "$out" 2>&1
code=$?
[ "$code" = 0 ] && maven_fetched android
grep -E 'ERROR|FAILURE' "$out" | head -60
passed=0 failed=0 skipped=0
# A line a module.
while read -r ran failures errors missed; do
  passed=$((passed + ran - failures - errors - missed)) failed=$((failed + failures + errors)) skipped=$((skipped + missed))
done < <(grep -E 'Tests run: [0-9]+, Failures: [0-9]+, Errors: [0-9]+, Skipped: [0-9]+$' "$out" | sed -E 's/[^0-9]+/ /g')
[ "$passed" -gt 0 ] || { tail -30 "$out"; code=1; }
[ "$code" = 0 ] || [ "$failed" -gt 0 ] || failed=1
echo "passed $passed failed $failed skipped $skipped"
exit "$code"

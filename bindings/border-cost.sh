#!/usr/bin/env bash
# What the border costs: the engine called from Rust and from Kotlin on the JVM, turn about, on one database of 5,000
# clients. Prints milliseconds (medians, but for opening). Measures, and asserts nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/prepare/maven.sh
prepare_maven bindings/kotlin
cargo build --release --workspace --all-targets --locked
built=$(realpath "${CARGO_TARGET_DIR:-target}")/release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$built/uniffi-bindgen" generate --language kotlin --library "$built/libcartera_ffi.so" --out-dir "$work/generated"
mvn -q -B -ntp ${maven_offline:+-o} -f bindings/kotlin/pom.xml -Dcartera.target="$work/kotlin" \
  -Dcartera.generated="$work/generated" -Dcartera.library="$built" test-compile \
  dependency:build-classpath -Dmdep.outputFile="$work/classpath"
classes=$work/kotlin/classes:$work/kotlin/test-classes:$(cat "$work/classpath")
mkdir "$work/data"
"$built/examples/border" make "$work/data"
for round in 1 2 3; do
  "$built/examples/border" measure "$work/data" > "$work/rust.$round"
  java -Djna.library.path="$built" -cp "$classes" app.cartera.BorderKt "$work/data" > "$work/kotlin.$round"
  echo "round $round"
  printf '%-32s %10s %10s %8s\n' call rust kotlin ratio
  grep -v '^of which' "$work/kotlin.$round" | paste "$work/rust.$round" - |
    awk -F'\t' '{ printf "%-32s %10.3f %10.3f %8.2f\n", $1, $2, $4, $4 / $2 }'
  echo "of the first, in Kotlin:"
  grep '^of which' "$work/kotlin.$round" | awk -F'\t' '{ printf "%-32s %21.3f\n", substr($1, 11), $2 }'
done

#!/usr/bin/env bash
# The engine from Python, Kotlin and Swift: each language's own tests, and the stories of bindings/stories, which all run
# against the same library and a real relay, with the same transcript.
set -uo pipefail
. tests/prepare/rust.sh
. tests/prepare/python.sh
. tests/prepare/maven.sh
. tests/prepare/swift.sh

# The same build as the Rust suite makes.
cargo build --release --workspace --all-targets --locked || { echo "passed 0 failed 1 skipped 0"; exit 1; }
built=$(realpath "${CARGO_TARGET_DIR:-target}")/release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/library" "$work/transcripts"
cp "$built/libcartera_ffi.so" "$built/cartera-relay" "$work/library/"
cp -r bindings/stories "$work/"
for language in python kotlin swift; do
  "$built/uniffi-bindgen" generate --language "$language" --library "$work/library/libcartera_ffi.so" \
    --out-dir "$work/generated/$language" > /dev/null ||
    { echo "passed 0 failed 1 skipped 0"; exit 1; }
done
# And one that panics when it is asked to: only this crate is built again.
cargo build --release --workspace --all-targets --locked --features cartera-ffi/deliberate-panic &&
  mkdir "$work/panicking" && cp "$built/libcartera_ffi.so" "$work/panicking/" &&
  "$built/uniffi-bindgen" generate --language python --library "$work/panicking/libcartera_ffi.so" --out-dir "$work/panicking" > /dev/null ||
  { echo "passed 0 failed 1 skipped 0"; exit 1; }
export CARTERA_RELAY=$work/library/cartera-relay CARTERA_STORIES=$work/stories CARTERA_TRANSCRIPTS=$work/transcripts
passed=0 failed=0 skipped=0
code=0

# Adds what a language's tests counted; one that counted nothing failed.
add() {
  echo "$1: $2 passed, $3 failed, $4 skipped"
  [ "$(($2 + $3))" -gt 0 ] || { echo "$1: no test ran"; code=1 failed=$((failed + 1)); }
  passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
}

# python_tests NAME GENERATED LIBRARY ARGUMENT ...
python_tests() {
  local package=$work/$1 out=$work/$1.log
  mkdir "$package" && cp -r bindings/python/src/cartera "$package/" &&
    cp "$2/cartera_ffi.py" "$3/libcartera_ffi.so" "$package/cartera/" || return 1
  PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$package "$python" -m pytest -q -p no:cacheprovider bindings/python/tests "${@:4}" 2>&1 | tee "$out"
  count() { grep -oE "[0-9]+ $1" <<< "$(tail -1 "$out")" | grep -oE '^[0-9]+' || echo 0; }
  add "$1" "$(count passed)" "$(($(count failed) + $(count error)))" "$(count skipped)"
}

kotlin_tests() {
  local out=$work/kotlin.log last
  mvn -B -ntp ${maven_offline:+-o} -f bindings/kotlin/pom.xml -Dcartera.target="$work/kotlin" \
    -Dcartera.generated="$work/generated/kotlin" -Dcartera.library="$work/library" test > "$out" 2>&1
  last=$(grep -E 'Tests run: [0-9]+, Failures: [0-9]+, Errors: [0-9]+, Skipped: [0-9]+$' "$out" | tail -1)
  grep -E 'ERROR|FAILURE|flat:' "$out" | head -40
  read -r ran failures errors missed < <(sed -E 's/[^0-9]+/ /g' <<< "$last")
  : "${ran:=0}" "${failures:=0}" "${errors:=0}" "${missed:=0}"
  [ "$((failures + errors))" = 0 ] && [ "$ran" -gt 0 ] && maven_fetched bindings/kotlin
  add Kotlin "$((ran - failures - errors - missed))" "$((failures + errors))" "$missed"
}

swift_tests() {
  local package=$work/swift out=$work/swift.log
  bash bindings/swift/assemble.sh "$work/generated/swift" "$package" || return 1
  LD_LIBRARY_PATH=$work/library timeout -k 10 900 "${swift[@]}" swift test --package-path "$package" \
    -Xlinker -L"$work/library" -Xlinker --allow-shlib-undefined > "$out" 2>&1
  grep -E "error|failed|flat:" "$out" | head -40
  add Swift "$(grep -cE "^Test Case .* passed" "$out")" "$(grep -cE "^Test Case .* failed" "$out")" 0
}

languages=()
if prepare_python pytest; then
  python_tests panics "$work/panicking" "$work/panicking" -k panic &&
    python_tests python "$work/generated/python" "$work/library" -k 'not panic' && languages+=(python) || code=1
else
  skipped=$((skipped + 1))
fi
if prepare_maven bindings/kotlin; then kotlin_tests && languages+=(kotlin) || code=1; else skipped=$((skipped + 1)); fi
if prepare_swift "$work"; then swift_tests && languages+=(swift) || code=1; else skipped=$((skipped + 1)); fi

# The same bytes from every language that ran.
for story in bindings/stories/*.json; do
  name=$(basename "$story" .json)
  for language in "${languages[@]}"; do
    if [ -s "$work/transcripts/$name.$language" ] &&
      cmp "$work/transcripts/$name.${languages[0]}" "$work/transcripts/$name.$language"; then
      passed=$((passed + 1))
    else
      echo "$name: the transcript of $language is missing, or another than that of ${languages[0]}"
      failed=$((failed + 1))
    fi
  done
done
[ "$failed" = 0 ] || code=1
echo "passed $passed failed $failed skipped $skipped"
exit "$code"

#!/usr/bin/env bash
# The runner itself: what counts as failed, that an install which was asked for and fails is, and what is skipped by name.
set -uo pipefail
here=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0

# is NAME CODE LAST-LINE ARGUMENT ...  runs the suite in $work/suites with those arguments of tests/run.
is() {
  local out code
  out=$(env -u CI CARTERA_SUITES="$work/suites" XDG_CACHE_HOME="$work/cache" "${settings[@]}" tests/run "${@:4}" 2>&1)
  code=$?
  if [ "$code" = "$2" ] && [ "$(tail -1 <<< "$out")" = "$3" ]; then
    passed=$((passed + 1))
  else
    echo "$1: ended with $code and '$(tail -1 <<< "$out")' instead of $2 and '$3':"
    echo "${out//passed/| passed}" | sed 's/^/  | /' # not lines of this suite
    failed=$((failed + 1))
  fi
}

suite() {
  rm -rf "$work/suites" && mkdir "$work/suites"
  echo "$1" > "$work/suites/one.sh"
}

settings=()
suite 'echo "passed 3 failed 0 skipped 0"'
is "what passes" 0 "3 passed, 0 failed, 0 skipped"
suite 'echo "skip: no such machine"; echo "passed 3 failed 0 skipped 1"'
is "a skip" 0 "3 passed, 0 failed, 1 skipped"
suite 'echo "fail: could not be installed: x"; echo "passed 3 failed 0 skipped 0"'
is "an install that failed beside what passed" 1 "3 passed, 1 failed, 0 skipped"
suite 'echo "passed 3 failed 0 skipped 0"; exit 3'
is "a suite that breaks after its count" 1 "3 passed, 1 failed, 0 skipped"
suite 'echo "passed 3 failed 2 skipped 0"; exit 1'
is "failures are counted once" 1 "3 passed, 2 failed, 0 skipped"
suite 'echo "passed 0 failed 0 skipped 1"'
is "nothing at all" 1 "0 passed, 0 failed, 1 skipped"

# Every installer, where what it asks does not answer: nobody listens on port 9 of this machine. What a Maven project of the
# suites lacks, its own run fetches, and fails.
mkdir "$work/project"
cat > "$work/project/pom.xml" << 'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>none</groupId><artifactId>none</artifactId><version>1</version>
<dependencies><dependency><groupId>none.such</groupId><artifactId>none</artifactId><version>1</version></dependency></dependencies>
</project>
POM
settings=(
  PIP_INDEX_URL=http://127.0.0.1:9/ PIP_RETRIES=0 PIP_NO_CACHE_DIR=1
  npm_config_registry=http://127.0.0.1:9/ npm_config_fetch_retries=0 npm_config_cache="$work/npm"
  "MAVEN_ARGS=-o -Dmaven.repo.local=$work/maven"
)
# installs NAME PROGRAM INSTALLER ARGUMENT ...
installs() {
  if ! command -v "$2" > /dev/null; then
    echo "skip: $2 is missing, so that its installer cannot be tried"
    skipped=$((skipped + 1))
    return
  fi
  suite ". $here/tests/prepare/$3.sh; prepare_$3 ${*:4}; echo 'passed 1 failed 0 skipped 0'"
  is "$1 that cannot be installed" 1 "1 passed, 1 failed, 0 skipped" --install
  suite ". $here/tests/prepare/$3.sh; prepare_$3 ${*:4} || echo 'passed 1 failed 0 skipped 1'"
  is "$1 that nobody asked to install" 0 "1 passed, 0 failed, 1 skipped"
}
installs "a Python package" python3 python no-such-package-of-ours
installs "a package of Node's" npm node no-such-package-of-ours
installs "what a program's pom names" mvn java "$work/project" Main

echo "passed $passed failed $failed skipped $skipped"
[ "$failed" = 0 ]

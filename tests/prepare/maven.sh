# Maven with what a pom.xml and those below it name:  prepare_maven FOLDER  or prints a `skip:` line and fails. Sets
# `maven_offline` where nothing may be fetched. What a test framework's provider is, only a run of the tests knows: so the
# run fetches what it needs, and once it has passed,  maven_fetched FOLDER  says so.
prepare_maven() {
  local known
  known=$(maven_known "$1")
  maven_offline=
  if [ "${CARTERA_INSTALL:-false}" = true ] && ! { command -v javac && command -v mvn; } > /dev/null; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends default-jdk-headless maven > /dev/null || return 1
  fi
  if ! { command -v javac && command -v mvn; } > /dev/null; then
    echo "skip: javac and mvn are missing (tests/run --install installs them)"
    return 1
  fi
  maven_named "$1" | cmp -s - "$known" && { maven_offline=yes; return 0; }
  if [ "${CARTERA_INSTALL:-false}" != true ]; then
    echo "skip: what $1/pom.xml names is missing (tests/run --install installs it)"
    return 1
  fi
}

maven_fetched() {
  mkdir -p "$(dirname "$(maven_known "$1")")" && maven_named "$1" > "$(maven_known "$1")"
}

maven_known() { echo "${XDG_CACHE_HOME:-$HOME/.cache}/cartera-tests/maven/$(basename "$1").xml"; }

maven_named() { cat "$1"/pom.xml $(ls "$1"/*/pom.xml 2> /dev/null); }

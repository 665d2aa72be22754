# Maven with what a pom.xml names:  prepare_maven FOLDER  or prints a `skip:` line and fails. Sets `maven_offline` where
# nothing may be fetched.
prepare_maven() {
  local known
  known=${XDG_CACHE_HOME:-$HOME/.cache}/cartera-tests/maven/$(basename "$1").xml
  maven_offline=
  if [ "${CARTERA_INSTALL:-false}" = true ] && ! { command -v javac && command -v mvn; } > /dev/null; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends default-jdk-headless maven > /dev/null || return 1
  fi
  if ! { command -v javac && command -v mvn; } > /dev/null; then
    echo "skip: javac and mvn are missing (tests/run --install installs them)"
    return 1
  fi
  cmp -s "$1/pom.xml" "$known" && { maven_offline=yes; return 0; }
  if [ "${CARTERA_INSTALL:-false}" != true ]; then
    echo "skip: what $1/pom.xml names is missing (tests/run --install installs it)"
    return 1
  fi
  # A run of the tests fetches what it needs: what a test framework's provider is, only such a run knows.
  mkdir -p "$(dirname "$known")" && mvn -q -B -ntp -f "$1/pom.xml" dependency:resolve dependency:resolve-plugins > /dev/null &&
    cp "$1/pom.xml" "$known"
}

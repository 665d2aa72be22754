# Maven with what a pom.xml names:  prepare_maven FOLDER  or says why not and fails. Sets `maven_offline` where nothing may
# be fetched.
. tests/prepare/java.sh

prepare_maven() {
  local known
  known=${XDG_CACHE_HOME:-$HOME/.cache}/cartera-tests/maven/$(basename "$1").xml
  maven_offline=
  has_java || install_debian default-jdk-headless maven && has_java || { lacks "javac and mvn"; return 1; }
  cmp -s "$1/pom.xml" "$known" && { maven_offline=yes; return 0; }
  # A run of the tests fetches what it needs: what a test framework's provider is, only such a run knows.
  [ "${CARTERA_INSTALL:-false}" = true ] && mkdir -p "$(dirname "$known")" &&
    mvn -q -B -ntp -f "$1/pom.xml" dependency:resolve dependency:resolve-plugins > /dev/null &&
    cp "$1/pom.xml" "$known" || lacks "what $1/pom.xml names"
}

# Maven with what a pom.xml and those below it name:  prepare_maven FOLDER  or says why not and fails. Sets `maven_offline`
# where nothing may be fetched. What a test framework's provider is, only a run of the tests knows: so the run fetches what
# it needs, and once it has passed,  maven_fetched FOLDER  says so.
. tests/prepare/java.sh

prepare_maven() {
  maven_offline=
  has_java || install_debian default-jdk-headless maven && has_java || { lacks "javac and mvn"; return 1; }
  maven_named "$1" | cmp -s - "$(maven_known "$1")" && { maven_offline=yes; return 0; }
  [ "${CARTERA_INSTALL:-false}" = true ] || lacks "what $1/pom.xml names"
}

maven_fetched() {
  mkdir -p "$(dirname "$(maven_known "$1")")" && maven_named "$1" > "$(maven_known "$1")"
}

maven_known() { echo "${XDG_CACHE_HOME:-$HOME/.cache}/cartera-tests/maven/$(basename "$1").xml"; }

maven_named() { cat "$1"/pom.xml $(ls "$1"/*/pom.xml 2> /dev/null); }

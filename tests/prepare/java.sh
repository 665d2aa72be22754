# A Java program with what its pom.xml names:  prepare_java FOLDER MAIN  compiles MAIN.java of the folder and sets
# `java_classes` to the class path, or says why not and fails.
. tests/prepare/debian.sh

prepare_java() {
  local home=${XDG_CACHE_HOME:-$HOME/.cache}/cartera-tests/java/$2
  has_java || install_debian default-jdk-headless maven && has_java || { lacks "javac and mvn"; return 1; }
  if ! cmp -s "$1/pom.xml" "$home/pom.xml"; then
    [ "${CARTERA_INSTALL:-false}" = true ] && rm -rf "$home" && mkdir -p "$home/lib" &&
      mvn -q -B -f "$1/pom.xml" dependency:copy-dependencies -DoutputDirectory="$home/lib" > /dev/null &&
      cp "$1/pom.xml" "$home/pom.xml" || { lacks "what $1/pom.xml names"; return 1; }
  fi
  java_classes="$home/lib/*:$home/classes"
  javac -nowarn -cp "$home/lib/*" -d "$home/classes" "$1/$2.java" || { echo "fail: $1/$2.java does not compile"; return 1; }
}

has_java() {
  { command -v javac && command -v mvn; } > /dev/null
}

# A Java program with what its pom.xml names:  prepare_java FOLDER MAIN  compiles MAIN.java of the folder and sets
# `java_classes` to the class path, or prints a `skip:` line and fails.
prepare_java() {
  local home=${XDG_CACHE_HOME:-$HOME/.cache}/cartera-tests/java/$2
  if [ "${CARTERA_INSTALL:-false}" = true ] && ! { command -v javac && command -v mvn; } > /dev/null; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends default-jdk-headless maven > /dev/null || return 1
  fi
  if ! { command -v javac && command -v mvn; } > /dev/null; then
    echo "skip: javac and mvn are missing (tests/run --install installs them)"
    return 1
  fi
  if ! cmp -s "$1/pom.xml" "$home/pom.xml"; then
    if [ "${CARTERA_INSTALL:-false}" != true ]; then
      echo "skip: what $1/pom.xml names is missing (tests/run --install installs it)"
      return 1
    fi
    rm -rf "$home" && mkdir -p "$home/lib" &&
      mvn -q -B -f "$1/pom.xml" dependency:copy-dependencies -DoutputDirectory="$home/lib" > /dev/null &&
      cp "$1/pom.xml" "$home/pom.xml" || return 1
  fi
  java_classes="$home/lib/*:$home/classes"
  javac -nowarn -cp "$home/lib/*" -d "$home/classes" "$1/$2.java"
}

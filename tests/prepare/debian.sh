# A program of Debian's:  prepare_debian PROGRAM PACKAGE  or prints a `skip:` line and fails.
prepare_debian() {
  command -v "$1" > /dev/null && return 0
  if [ "${CARTERA_INSTALL:-false}" = true ]; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends "$2" > /dev/null && return 0
  fi
  echo "skip: $1 is missing (tests/run --install installs $2)"
  return 1
}

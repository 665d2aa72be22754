# What all installers share, and programs of Debian's.

# Why something is not run: it is missing, or, where it was to be installed, that failed; tests/run counts `fail:` lines.
lacks() {
  if [ "${CARTERA_INSTALL:-false}" = true ]; then
    echo "fail: could not be installed: $1"
  else
    echo "skip: missing: $1 (tests/run --install installs it)"
  fi
  return 1
}

# install_debian PACKAGE ...  where tests install what they lack.
install_debian() {
  [ "${CARTERA_INSTALL:-false}" = true ] && apt-get update -qq &&
    apt-get install -y -qq --no-install-recommends "$@" > /dev/null
}

# A program:  prepare_debian PROGRAM PACKAGE  or says why not and fails.
prepare_debian() {
  command -v "$1" > /dev/null || install_debian "$2" || lacks "$2"
}

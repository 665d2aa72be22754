# A Python of the suites' own:  prepare_python [--home NAME] PACKAGE[==VERSION] ...  sets `python`, or prints a `skip:`
# line and fails. A suite whose packages suit no other has a home of its own.
prepare_python() {
  local home=${XDG_CACHE_HOME:-$HOME/.cache}/cartera-tests/python missing=() package
  if [ "$1" = --home ]; then home=$(dirname "$home")/$2; shift 2; fi
  if [ "${CARTERA_INSTALL:-false}" = true ] && ! python3 -c 'import ensurepip, venv' 2> /dev/null; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends python3 python3-venv > /dev/null || return 1
  fi
  if ! python3 -c 'import ensurepip, venv' 2> /dev/null; then
    echo "skip: python3 with venv is missing (tests/run --install installs it)"
    return 1
  fi
  [ -x "$home/bin/python" ] || python3 -m venv "$home" || return 1
  python=$home/bin/python
  for package in "$@"; do
    "$python" -c '
import importlib.metadata, sys
name, _, wanted = sys.argv[1].partition("==")
sys.exit(importlib.metadata.version(name) != (wanted or importlib.metadata.version(name)))' "$package" 2> /dev/null ||
      missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "${CARTERA_INSTALL:-false}" != true ]; then
    echo "skip: Python packages are missing: ${missing[*]} (tests/run --install installs them)"
    return 1
  fi
  "$python" -m pip install --quiet --disable-pip-version-check "${missing[@]}"
}

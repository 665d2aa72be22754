# A Python of the suites' own:  prepare_python [--home NAME] PACKAGE[==VERSION] ...  sets `python`, or says why not and
# fails. A suite whose packages suit no other has a home of its own.
. tests/prepare/debian.sh

prepare_python() {
  local home=${XDG_CACHE_HOME:-$HOME/.cache}/cartera-tests/python missing=() package
  if [ "$1" = --home ]; then home=$(dirname "$home")/$2; shift 2; fi
  has_venv || install_debian python3 python3-venv && has_venv || { lacks "python3 with venv"; return 1; }
  [ -x "$home/bin/python" ] || python3 -m venv "$home" || { echo "fail: no Python environment can be made in $home"; return 1; }
  python=$home/bin/python
  for package in "$@"; do
    "$python" -c '
import importlib.metadata, sys
name, _, wanted = sys.argv[1].partition("==")
sys.exit(importlib.metadata.version(name) != (wanted or importlib.metadata.version(name)))' "$package" 2> /dev/null ||
      missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "${CARTERA_INSTALL:-false}" = true ] &&
    "$python" -m pip install --quiet --disable-pip-version-check "${missing[@]}" || lacks "Python packages: ${missing[*]}"
}

has_venv() {
  python3 -c 'import ensurepip, venv' 2> /dev/null
}

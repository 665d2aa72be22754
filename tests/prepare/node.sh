# Node with packages of the suites' own:  prepare_node PACKAGE ...  sets `node_modules`, or prints a `skip:` line and
# fails.
prepare_node() {
  local home=${XDG_CACHE_HOME:-$HOME/.cache}/cartera-tests/node missing=() package
  if [ "${CARTERA_INSTALL:-false}" = true ] && ! { command -v node && command -v npm; } > /dev/null; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends nodejs npm > /dev/null || return 1
  fi
  if ! { command -v node && command -v npm; } > /dev/null; then
    echo "skip: node and npm are missing (tests/run --install installs them)"
    return 1
  fi
  node_modules=$home/node_modules
  for package in "$@"; do [ -d "$node_modules/$package" ] || missing+=("$package"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "${CARTERA_INSTALL:-false}" != true ]; then
    echo "skip: npm packages are missing: ${missing[*]} (tests/run --install installs them)"
    return 1
  fi
  mkdir -p "$home" && npm install --silent --no-fund --no-audit --prefix "$home" "${missing[@]}"
}

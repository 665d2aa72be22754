# Node with packages of the suites' own:  prepare_node PACKAGE ...  sets `node_modules`, or says why not and fails.
. tests/prepare/debian.sh

prepare_node() {
  local home=${XDG_CACHE_HOME:-$HOME/.cache}/cartera-tests/node missing=() package
  has_node || install_debian nodejs npm && has_node || { lacks "node and npm"; return 1; }
  node_modules=$home/node_modules
  for package in "$@"; do [ -d "$node_modules/$package" ] || missing+=("$package"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "${CARTERA_INSTALL:-false}" = true ] && mkdir -p "$home" &&
    npm install --silent --no-fund --no-audit --prefix "$home" "${missing[@]}" || lacks "npm packages: ${missing[*]}"
}

has_node() {
  { command -v node && command -v npm; } > /dev/null
}

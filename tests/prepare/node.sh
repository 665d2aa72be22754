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

# What a folder's lock file names:  prepare_node_locked FOLDER  sets `node_modules`, or says why not and fails.
prepare_node_locked() {
  local home=${XDG_CACHE_HOME:-$HOME/.cache}/cartera-tests/$(basename "$1")
  prepare_node || return 1
  node_modules=$home/node_modules
  cmp -s "$1/package-lock.json" "$home/package-lock.json" && [ -d "$node_modules" ] && return 0
  [ "${CARTERA_INSTALL:-false}" = true ] && rm -rf "$home" && mkdir -p "$home" &&
    cp "$1/package.json" "$1/package-lock.json" "$home/" &&
    npm ci --silent --no-fund --no-audit --ignore-scripts --prefix "$home" || {
    rm -f "$home/package-lock.json"
    lacks "npm packages of $1/package-lock.json"
  }
}

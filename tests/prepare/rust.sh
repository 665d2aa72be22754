# Rust and a C compiler (SQLite and zstd are compiled from source).
missing=()
command -v cc > /dev/null || missing+=(gcc libc6-dev)
command -v cargo > /dev/null || missing+=(rustup)
if [ ${#missing[@]} -gt 0 ]; then
  if [ "${CARTERA_INSTALL:-false}" = true ]; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" || exit 1
  else
    echo "missing: ${missing[*]} (tests/run --install installs them)"
    exit 1
  fi
fi

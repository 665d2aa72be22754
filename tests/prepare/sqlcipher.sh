# OpenSSL's headers, with which SQLCipher is compiled. Sets `missing_sqlcipher` to what is not there.
missing_sqlcipher=()
command -v pkg-config > /dev/null || missing_sqlcipher+=(pkg-config)
pkg-config --exists libcrypto 2> /dev/null || missing_sqlcipher+=(libssl-dev)
if [ ${#missing_sqlcipher[@]} -gt 0 ] && [ "${CARTERA_INSTALL:-false}" = true ]; then
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing_sqlcipher[@]}" || exit 1
  missing_sqlcipher=()
fi

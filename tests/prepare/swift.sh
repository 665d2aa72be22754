# Swift, where the machine has it, or else Debian 13's in a root of its own: `prepare_swift` sets `swift` to how it is
# called, or says why not and fails. Installing needs root, 3.5 GB and some minutes; what was installed is kept.
#
# With `swift` as prefix a command runs where Swift is and sees FOLDERS under their own names:
#   prepare_swift FOLDER ...  &&  "${swift[@]}" swift test
# All that is mounted is mounted in a namespace of that command's own: it is gone when the command ends, however it ends.
. tests/prepare/debian.sh

prepare_swift() {
  if command -v swift > /dev/null; then swift=(env); return 0; fi
  local home=${XDG_CACHE_HOME:-$HOME/.cache}/cartera-tests/swift
  if [ "$(id -u)" != 0 ] || ! unshare --mount true 2> /dev/null; then
    echo "skip: swift is missing (without root, or where nothing can be mounted, tests/run cannot install it)"
    return 1
  fi
  if [ ! -d "$home/root" ]; then
    if [ "${CARTERA_INSTALL:-false}" != true ]; then
      echo "skip: swift is missing (tests/run --install installs Debian 13's, 3.5 GB, in $home)"
      return 1
    fi
    mkdir -p "$home"
    if [ "$(df --output=avail -k "$home" | tail -1)" -lt 5000000 ]; then
      echo "skip: swift is missing (it takes 3.5 GB, and 5 to install: $home has no room)"
      return 1
    fi
    install_swift "$home" > "$home.log" 2>&1 || { tail -5 "$home.log"; lacks "Debian 13's swift"; return 1; }
  fi
  swift=(unshare --mount --pid --fork --kill-child --propagation private bash -c "$enter_root" enter "$home/root" "$#" "$@")
}

install_swift() {
  local home=$1
  rm -rf "$home/partial"
  command -v debootstrap > /dev/null || install_debian debootstrap || return 1
  unshare --mount --propagation private debootstrap --variant=minbase --include=swiftlang,ca-certificates trixie "$home/partial" || return 1
  unshare --mount --pid --fork --kill-child --propagation private bash -c "$enter_root" enter "$home/partial" 0 \
    apt-get install -y -qq --no-install-recommends libc6-dev libstdc++-14-dev libswiftlang swiftlang-dev || return 1
  # It has its name only once it is whole.
  mv "$home/partial" "$home/root"
}

# Without /proc, swift does not find its own libraries.
enter_root='
  set -e
  root=$1 folders=$2
  shift 2
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  for _ in $(seq "$folders"); do
    mkdir -p "$root$1"
    mount --bind "$1" "$root$1"
    shift
  done
  exec chroot "$root" env HOME=/root TMPDIR=/tmp "$@"
'

# Finds a compiler with core for a target, and QEMU: what is installed, or Debian's packages, unpacked and not installed.

missing() {
  echo "embedded.sh: skipped, $*" >&2
  exit 77
}

# apt-get with lists of its own: it needs no rights, sees what is there today, and changes nothing on this machine.
apt() {
  mkdir -p "$OUT/apt/lists/partial" "$OUT/apt/archives/partial"
  apt-get -qq -o Dir::State::Lists="$OUT/apt/lists" -o Dir::Cache="$OUT/apt" -o APT::Sandbox::User="$(id -un)" "$@"
}

# unpack DIRECTORY PACKAGE...: the packages, and what they need that is not installed.
unpack() {
  local directory=$1 needed package
  shift
  [[ ! -e $directory/complete ]] || return 0
  command -v apt-get dpkg >/dev/null || missing "there is no Debian to take $* from"
  apt update || missing 'the lists of packages cannot be had'
  # The C library stays the one of this machine, with its loader.
  needed=$(apt install -s --no-install-recommends "$@" | awk '/^Inst/ && $2 !~ /^libc(6|-bin)$/ { print $2 }') ||
    missing "there are no packages $*"
  rm -rf "$directory" && mkdir -p "$directory/packages"
  # shellcheck disable=SC2086 # one word for each package
  (cd "$directory/packages" && apt download $needed) || missing "$* cannot be downloaded"
  for package in "$directory"/packages/*.deb; do
    dpkg -x "$package" "$directory"
  done
  rm -r "$directory/packages"
  touch "$directory/complete"
}

# Where the libraries of unpacked packages lie.
libraries_of() {
  local folder found=
  for folder in "$1"/usr/lib/*-linux-gnu "$1"/lib/*-linux-gnu; do
    [[ ! -d $folder ]] || found+=${found:+:}$folder
  done
  echo "$found"
}

# The folder of rust-lld, which Debian's compiler lacks: that of an installed Rust, or Debian's lld under that name.
linker() {
  local folder
  folder=$(rustc --print sysroot 2>/dev/null)/lib/rustlib/$(rustc -vV 2>/dev/null | sed -n 's/^host: //p')/bin
  if [[ ! -x $folder/rust-lld ]]; then
    unpack "$OUT/lld" lld
    folder=$OUT/lld/bin
    mkdir -p "$folder"
    ln -sf "$(find "$OUT/lld/usr/lib" -path '*/llvm-*/bin/lld' | head -n 1)" "$folder/rust-lld"
  fi
  echo "$folder"
}

# find_toolchain TARGET: sets CARGO, the command, and TOOLCHAIN, its name.
find_toolchain() {
  local libraries lld root= web=(rustc-web cargo-web rust-web-src)
  libraries=$(rustc --print target-libdir --target "$1" 2>/dev/null || true)
  if [[ -n $libraries && -d $libraries ]]; then
    CARGO=(cargo)
    TOOLCHAIN=$(rustc -V)
    return
  fi
  if ! dpkg -s "${web[@]}" >/dev/null 2>&1; then
    root=$OUT/rust
    unpack "$root" "${web[@]}"
  fi
  lld=$(linker)
  # A stable compiler builds core itself only if it takes itself for a nightly one.
  CARGO=(env "PATH=$root/usr/bin:$PATH:$lld" "LD_LIBRARY_PATH=$(libraries_of "$root")${root:+:$(libraries_of "$OUT/lld")}"
    RUSTC_BOOTSTRAP=1 "RUSTC=$root/usr/bin/rustc" "$root/usr/bin/cargo" -Zbuild-std=core)
  TOOLCHAIN=$("${CARGO[@]:0:3}" "$root/usr/bin/rustc" -V)
}

# Sets QEMU, the command that runs an image, and EMULATOR, its name.
find_qemu() {
  local system=(qemu-system-arm)
  if ! command -v "${system[0]}" >/dev/null; then
    unpack "$OUT/qemu" qemu-system-arm
    system=(env "LD_LIBRARY_PATH=$(libraries_of "$OUT/qemu")" "$OUT/qemu/usr/bin/qemu-system-arm")
  fi
  EMULATOR=$("${system[@]}" --version | sed -n '1s/ emulator version / /;1s/ (.*//p')
  # 2⁸ ns an instruction: the report counts on it.
  QEMU=(timeout 120 "${system[@]}" -M mps2-an386 -nographic -monitor none -serial none
    -semihosting-config 'enable=on,target=native' -icount shift=8 -kernel)
}

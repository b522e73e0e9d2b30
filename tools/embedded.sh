#!/usr/bin/env bash
# Builds examples/firmware for a Cortex-M4F, runs it under QEMU, checks it, and prints what it measured as Markdown.
#
#   tools/embedded.sh             the images, in single and double precision
#   tools/embedded.sh write       the same, and the tables go into docs/embedded.md
#   tools/embedded.sh libraries   the functions as a library for other processors; they are built, not run
#   tools/embedded.sh references  the references of the firmware against dual numbers, on this machine
#   tools/embedded.sh profiles    with which other profiles the silent image links, so is free of panics
#   tools/embedded.sh all         the images, the libraries and the references
#
# Exit code 77: neither an installed toolchain nor Debian's packages can be had. Nothing was checked then.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly TARGET=thumbv7em-none-eabihf
readonly OTHERS=(thumbv6m-none-eabi riscv32imac-unknown-none-elf)
readonly OUT=$PWD/target/embedded
export CARGO_TARGET_DIR=$OUT/build

# shellcheck source=tools/embedded/toolchain.sh
source tools/embedded/toolchain.sh
# shellcheck source=tools/embedded/tables.sh
source tools/embedded/tables.sh

fail() {
  echo "embedded.sh: $*" >&2
  exit 1
}

# build TARGET OPTION...: in the firmware's workspace, where its Cargo.lock and its profile are.
build() {
  local target=$1
  shift
  find_toolchain "$target"
  (cd examples/firmware && "${CARGO[@]}" build --release --locked --target "$target" "$@")
}

# images PRECISION FEATURE: builds, runs and checks the images of one precision.
images() {
  local precision=$1 into=$OUT/images/$1 image
  mkdir -p "$into"
  build "$TARGET" --bins --features "$2"
  for image in report by_hand silent losses; do
    cp "$CARGO_TARGET_DIR/$TARGET/release/$image" "$into/$image"
  done
  for image in silent losses; do
    "${QEMU[@]}" "$into/$image" </dev/null || fail "$image in $precision: a result differs from its reference"
  done
  printf '%s\n' "$precision: name, instructions, bytes of stack, verdict, entries"
  for image in report by_hand; do
    "${QEMU[@]}" "$into/$image" </dev/null >"$into/$image.txt" || {
      cat "$into/$image.txt"
      fail "$image in $precision: a result differs from its reference"
    }
    cat "$into/$image.txt"
  done
}

# An f32 that turns into an f64 somewhere is slow and large where doubles are computed in software.
no_doubles() {
  local image helpers
  for image in report by_hand silent losses; do
    helpers=$(nm -C "$OUT/images/f32/$image" | grep -E '__aeabi_(d[a-z]|[a-z0-9]+2d$)|__[a-z]+df[0-9]?\b' || true)
    [[ -z $helpers ]] || fail "$image in single precision computes in double precision: $helpers"
  done
}

# What shows that the silent images show something: with one panic in it, the image does not link.
panics_are_noticed() {
  local message
  if message=$(build "$TARGET" --bin silent --features panic 2>&1); then
    fail 'a panic in the silent image goes unnoticed'
  fi
  grep -q 'undefined symbol: a_panic_is_left' <<<"$message" || fail "the silent image fails otherwise: $message"
}

firmware() {
  find_qemu
  images f32 ''
  images f64 f64
  no_doubles
  panics_are_noticed
  tables "$OUT/images" "$TOOLCHAIN and $EMULATOR" >"$OUT/tables.md"
  echo
  cat "$OUT/tables.md"
}

libraries() {
  local target
  for target in "${OTHERS[@]}"; do
    build "$target" -p functions --lib
    echo "built for $target: functions, with gradmacro and nalgebra"
  done
}

# profiles: levels of optimisation and link-time optimisation, in both precisions. Each compiles core again.
profiles() {
  local profile precision features verdict
  for profile in '3 fat' 's fat' '2 fat' '1 fat' 'z fat' '3 thin' '3 off' 's thin' 's off'; do
    for precision in f32 f64; do
      features=${precision#f32}
      verdict='links'
      CARGO_PROFILE_RELEASE_OPT_LEVEL=${profile% *} CARGO_PROFILE_RELEASE_LTO=${profile#* } \
        build "$TARGET" --bin silent --features "$features" >"$OUT/profile.txt" 2>&1 || verdict='does not link'
      [[ $verdict == links ]] || grep -q 'undefined symbol: a_panic_is_left' "$OUT/profile.txt" || {
        cat "$OUT/profile.txt"
        fail "the silent image fails otherwise with $profile"
      }
      echo "opt-level ${profile% *}, lto ${profile#* }, $precision: $verdict"
    done
  done
}

references() {
  (cd examples/firmware && cargo test --locked -p functions)
}

case ${1:-images} in
  images) firmware ;;
  write) firmware && write_tables "$OUT/tables.md" docs/embedded.md ;;
  libraries) libraries ;;
  profiles) profiles ;;
  references) references ;;
  all) firmware && libraries && references ;;
  *) fail "what is '$1'? The head of this script says what there is" ;;
esac

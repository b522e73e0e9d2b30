# What the images measured, as Markdown.

# bytes IMAGE SYMBOL: the size of one function.
bytes() {
  echo "$((16#$(nm -S "$1" | awk -v name="$2" '$4 == name { print $2 }')))"
}

# section IMAGE NAME: the size of one section.
section() {
  size -A "$1" | awk -v name="$2" '$1 == name { print $2 }'
}

# losses IMAGE: the code of the image of the losses, without what starts it and checks results.
losses() {
  local total=0 size
  while read -r size; do
    total=$((total + 16#$size))
  done < <(nm -S "$1" | awk 'NF == 4 && tolower($3) == "t" && $4 !~ /^(Reset|main|Default|HardFault)|cortex_m_rt_main/ { print $2 }')
  echo "$total"
}

# tables FOLDER TOOLCHAIN
tables() {
  local name image instructions stack precision
  echo "Measured with $2."
  echo
  echo '| function | f32: instructions | stack | code | f64: instructions | stack | code |'
  echo '|---|---:|---:|---:|---:|---:|---:|'
  while read -r name _; do
    printf '| %s' "${name/_by_hand/ by hand}"
    for precision in f32 f64; do
      read -r _ instructions stack _ < <(grep -h "^$name " "$1/$precision"/{report,by_hand}.txt)
      image=silent
      [[ $name != *_by_hand ]] || image=by_hand
      printf ' | %s | %s | %s' "$instructions" "$stack" "$(bytes "$1/$precision/$image" "$name")"
    done
    echo ' |'
  done < <(sort -s -k1,1 "$1"/f32/{report,by_hand}.txt)
  echo
  echo "The three losses with all that they call: $(losses "$1/f32/losses") bytes in single, $(losses "$1/f64/losses") in double precision."
  echo
  echo '| image | f32: .text | .rodata | .data + .bss | f64: .text | .rodata | .data + .bss |'
  echo '|---|---:|---:|---:|---:|---:|---:|'
  for image in losses silent report; do
    printf '| %s' "$image"
    for precision in f32 f64; do
      set -- "$1" "$2" "$1/$precision/$image"
      printf ' | %s | %s | %s' "$(section "$3" .text)" "$(section "$3" .rodata)" \
        "$(($(section "$3" .data) + $(section "$3" .bss)))"
    done
    echo ' |'
  done
}

# write_tables FROM DOCUMENT: replaces what stands between the marks.
write_tables() {
  local changed
  changed=$(awk -v from="$1" '
    /^<!-- \/measured -->/ { inside = 0 }
    !inside { print }
    /^<!-- measured:/ { inside = 1; while ((getline line < from) > 0) print line }
  ' "$2")
  printf '%s\n' "$changed" >"$2"
}

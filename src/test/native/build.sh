#!/usr/bin/env bash
# Compiles every .cu of kernels/ for the CPU, with the shim, into one library.
#   build.sh KERNELS_FOLDER LIBRARY [more sources to link]
# $SHIM_FOLDER restricts it to one folder of kernels, $SHIM_DEFINES are further flags of g++.
# A translation unit is compiled again only if a source is newer than its object. Needs g++ and an
# x86-64 processor with FMA.
set -euo pipefail
kernels=$(cd "$1" && pwd) library=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
objects=$(dirname "$library")/shim-objects
mkdir -p "$objects"
flags=(-std=c++17 -O2 -mfma -ffp-contract=off -fPIC -fvisibility=default -w -I "$kernels")
read -ra defines <<<"${SHIM_DEFINES:-}"
flags+=("${defines[@]}")
newest=$(find "$kernels/common" "$here/cuda_shim.h" "$here/build.sh" -type f -printf '%T@ %p\n' | sort -n | tail -1 | cut -d' ' -f2-)

compile_cu() { # FILE OBJECT
  local symbols
  # The kernels of a file, macros expanded: extern "C" __attribute__((noinline)) void NAME(
  symbols=$(g++ "${flags[@]}" -x c++ -include "$here/cuda_shim.h" -E -P "$1" |
    tr '\n' ' ' | grep -oE 'extern "C" __attribute__\(\(noinline\)\) void +\w+' | grep -oE '\w+$' || true)
  {
    echo "#include \"$1\""
    for s in $symbols; do
      echo "static shim::Registered<decltype(&$s)> shim_$s(\"$s\", $s);"
    done
  } >"${2%.o}.table.cpp"
  g++ "${flags[@]}" -include "$here/cuda_shim.h" -c "${2%.o}.table.cpp" -o "$2"
}

list=()
for source in "$kernels"/${SHIM_FOLDER:-*}/*.cu; do
  object=$objects/$(basename "$source" .cu).o
  list+=("$object")
  if [ ! -e "$object" ] || [ "$source" -nt "$object" ] || [ "$newest" -nt "$object" ]; then
    while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n; done
    compile_cu "$source" "$object" &
  fi
done
for job in $(jobs -p); do wait "$job"; done
for object in "$objects"/*.o; do # of sources that are no more
  [ -e "$object" ] && [[ " ${list[*]} " != *" $object "* ]] && rm "$object"
done
changed=0
for input in "$here"/* "$@" "${list[@]}"; do
  [ "$library" -nt "$input" ] || changed=1
done
if [ $changed = 1 ]; then
  g++ "${flags[@]}" -shared -o "$library" "$here/shim.cpp" "$@" "${list[@]}" -ldl -lpthread
fi

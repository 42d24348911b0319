#!/usr/bin/env bash
# Compiles kernels/ with nvcc.
#   ptx.sh FOLDER             FOLDER/<folder>/<file>.ptx for compute_75, and FOLDER/ptx.properties;
#                             says so and ends with 0 where there is no nvcc or none that works
#   ptx.sh --assemble FOLDER [PTXAS OPTION]...
#                             assembles that PTX for every GPU in $targets
# A file is compiled again only if it, a header, nvcc.args, this script or nvcc is newer than its PTX.
set -euo pipefail
cd "$(dirname "$0")/.."

# nvcc 13 writes .version 9.0, for drivers of CUDA 13. Nothing in the kernels needs more than 6.3,
# the first version with sm_75, so older drivers can take them too; ptxas proves it.
version=6.3
architecture=compute_75
targets="sm_75 sm_80 sm_86 sm_89 sm_90 sm_100 sm_120"

compile() { # FILE PTX
  mkdir -p "$(dirname "$2")"
  nvcc -ptx "--gpu-architecture=$architecture" "${flags[@]}" -I kernels "$1" -o "$2.part"
  # The host finds the variable by its name.
  sed -i "s/^\.version .*/.version $version/; s/^\.const .*block_order_step/.visible &/" "$2.part"
  mv "$2.part" "$2"
}

all_jobs() { # waits for the jobs, fails if one did
  local job failed=0
  for job in $(jobs -p); do wait "$job" || failed=1; done
  return $failed
}

one_slot() { while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n; done; }

if [ "$1" = --assemble ]; then
  shift
  ptx_folder=$1
  shift
  for target in $targets; do
    for ptx in "$ptx_folder"/*/*.ptx; do
      one_slot
      ptxas --warning-as-error "$@" "--gpu-name=$target" "$ptx" -o /dev/null &
    done
  done
  all_jobs
  exit
fi

none() { # WHY
  find "$folder" -name '*.ptx' -delete
  echo "none=$1" >"$folder/ptx.properties"
  echo "ptx.sh: $1: the jar will hold no PTX, and needs NVRTC beside the driver"
  exit
}

folder=$1
mkdir -p "$folder"
nvcc=$(command -v nvcc) || none "there was no nvcc in PATH"
mapfile -t flags < <(sed -n 's/^\(--[^ ]*\).*/\1/p' kernels/nvcc.args)
properties="nvcc=$(nvcc --version | sed -n 's/.*release [^,]*, V//p')
version=$version
target=$architecture"
if [ "$(cat "$folder/ptx.properties" 2>/dev/null)" != "$properties" ]; then
  trial=$(mktemp -d)
  trap 'rm -rf "$trial"' EXIT
  echo '__global__ void trial() {}' >"$trial/trial.cu"
  said=$(nvcc -ptx "--gpu-architecture=$architecture" "${flags[@]}" "$trial/trial.cu" -o "$trial/trial.ptx" 2>&1) ||
    none "$nvcc does not work: $(head -1 <<<"$said")"
  find "$folder" -name '*.ptx' -delete # another nvcc's
fi
newest=$(ls -t kernels/common/* kernels/nvcc.args scripts/ptx.sh "$nvcc" | head -1)
for source in kernels/*/*.cu; do
  ptx=$folder/${source#kernels/}
  ptx=${ptx%.cu}.ptx
  if [ ! -e "$ptx" ] || [ "$source" -nt "$ptx" ] || [ "$newest" -nt "$ptx" ]; then
    one_slot
    compile "$source" "$ptx" &
  fi
done
all_jobs
for ptx in "$folder"/*/*.ptx; do # of sources that are no more
  source=kernels/${ptx#"$folder"/}
  [ -e "${source%.ptx}.cu" ] || rm "$ptx"
done
echo "$properties" >"$folder/ptx.properties"

#!/usr/bin/env bash
# Checks on a GPU what can be checked on one only, in at most eight minutes: the bits of every kernel
# against Java's, compute-sanitizer, speed bars, and repeats of what promises nothing.
#   gpu-check.sh [--out DIR] [--only STEP,...] [--suites DIR] [--seconds STEP=N]...
# Steps and their seconds: see `budget` below; one that runs over is ended, and the verdicts say so.
# DIR (default: gpu-check-DATE) gets a run for each step, what was printed, and verdicts.txt.
# --suites takes DIR/gpu_STEP.yaml in place of the suites in the jar.
# Runs ./samebits of a bundle, else target/benchmarks.jar, else the words in $SAMEBITS.
# Exit code: 0 everything passed, 1 something failed, 4 nothing failed but something was not run.
set -uo pipefail
here=$(dirname "$(readlink -f "$0")")
fail() { printf 'gpu-check.sh: %s\n' "$*" >&2; exit "${code:-2}"; }

declare -A budget=([doctor]=15 [contract]=88 [memcheck]=90 [racecheck]=90 [speed]=180 [wall]=17 [stress]=50)
only=doctor,contract,memcheck,racecheck,speed,wall,stress
out=gpu-check-$(date -u +%Y%m%dT%H%M%SZ) suites=
while [ $# -gt 0 ]; do
  [ "$1" != --help ] || { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"; exit 0; }
  [ $# -gt 1 ] || fail "$1 needs a value"
  case $1 in
    --out) out=$2 ;;
    --only) only=$2 ;;
    --suites) suites=$2 ;;
    --seconds)
      [[ $2 =~ ^([a-z]+)=([1-9][0-9]{0,4})$ ]] && [ -n "${budget[${BASH_REMATCH[1]}]:-}" ] ||
        fail "--seconds $2: STEP=N with one of ${!budget[*]}"
      budget[${BASH_REMATCH[1]}]=${BASH_REMATCH[2]} ;;
    *) fail "unknown option $1" ;;
  esac
  shift 2
done
for step in ${only//,/ }; do
  [ -n "${budget[$step]:-}" ] || fail "--only $step: no such step; there are ${!budget[*]}"
done
if [ -n "${SAMEBITS:-}" ]; then
  read -ra samebits <<<"$SAMEBITS"
elif [ -x "$here/samebits" ]; then
  samebits=("$here/samebits")
else
  jar=$here/../target/benchmarks.jar
  [ -f "$jar" ] || fail "neither $here/samebits nor $jar is there"
  samebits=("${JAVA_HOME:+$JAVA_HOME/bin/}java" -jar "$jar")
fi
mkdir -p "$out" && [ -z "$(ls -A "$out")" ] || code=5 fail "$out cannot be made, or is not empty"

wanted() { [[ ,$only, == *,$1,* ]]; }

note() { printf '%s\t%s\t%s\t%s\t%s\n' "$1" "${budget[$1]}" "$2" "$3" "$4" >>"$out/steps.tsv"; }

# step NAME SUITE [COMMAND BEFORE ...] [-- OPTION OF run ...]
step() {
  local name=$1 suite=$2 start=$SECONDS code before=()
  shift 2
  wanted "$name" || return 0
  while [ $# -gt 0 ] && [ "$1" != -- ]; do before+=("$1"); shift; done
  [ $# -eq 0 ] || shift
  if [ -n "$suites" ]; then set -- --suite "$suites/$suite.yaml" "$@"; else set -- --preset "$suite" "$@"; fi
  echo "$name: at most ${budget[$name]} s"
  timeout -k 5 "${budget[$name]}" "${before[@]}" "${samebits[@]}" run "$@" --out "$out/$name" \
    >"$out/$name.txt" 2>&1
  code=$?
  note "$name" $((SECONDS - start)) "$code" ""
}

# Only kernels that promise the same bits from run to run must be clean.
sanitize() { # TOOL
  local tool
  tool=$(PATH=$PATH:${CUDA_HOME:-/usr/local/cuda}/bin:$(printf '%s:' /usr/local/cuda*/bin) command -v compute-sanitizer)
  if [ -z "$tool" ]; then
    wanted "$1" && note "$1" 0 -1 "compute-sanitizer is in none of PATH, CUDA_HOME/bin and /usr/local/cuda*/bin"
    return 0
  fi
  step "$1" gpu_sanitizer "$tool" --tool "$1" --target-processes all --launch-timeout 60 \
    --report-api-errors no --error-exitcode 9 -- --mode deterministic,reproducible
}

: >"$out/steps.tsv"
if wanted doctor; then
  start=$SECONDS
  timeout -k 5 "${budget[doctor]}" "${samebits[@]}" doctor >"$out/doctor.txt" 2>&1
  code=$?
  note doctor $((SECONDS - start)) "$code" ""
fi
step contract gpu_contract
sanitize memcheck & # beside each other: nothing is timed
sanitize racecheck &
wait
step speed gpu_speed
step wall gpu_wall
step stress gpu_stress
"${samebits[@]}" gpu-check "$out"

#!/usr/bin/env bash
# Puts the console output and a picture of a recorded run into README.md, between its results
# markers: what the verb `report` prints, cut to the problems named.
# usage: scripts/readme-results.sh RESULTS_DIR PICTURE 'COMMAND' 'PROBLEM'...
# e.g.   scripts/readme-results.sh results/x/y pictures/z.svg 'run --preset quick' 'matmul f32 m128n128k128'
set -euo pipefail
dir=$1 picture=$2 command=$3
shift 3
cd "$(dirname "$0")/.."
text=$(java -jar target/benchmarks.jar report "$dir")
block=$(mktemp)
trap 'rm -f "$block"' EXIT
{
  echo "Printed by \`java -jar target/benchmarks.jar $command\`; its records and report are in [\`$dir\`]($dir/manifest.json)."
  echo "Cut to a few of its problems:"
  echo
  echo '```'
  head -n 1 <<< "$text"
  for problem in "$@"; do
    awk -v p="$problem" 'index($0, p) == 1 { on = 1; print "" } on && $0 == "" { exit } on' <<< "$text"
  done
  echo
  awk '/^In short/ { on = 1 } /^Report:/ { exit } on' <<< "$text"
  echo '```'
  echo
  echo "![A picture of the same run]($dir/$picture)"
} > "$block"
awk -v block="$block" '
  /<!-- results:end -->/ { skip = 0 }
  !skip { print }
  /<!-- results:begin -->/ { while ((getline line < block) > 0) print line; skip = 1 }' README.md > README.md.new
mv README.md.new README.md

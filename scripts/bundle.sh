#!/usr/bin/env bash
# Makes an archive for hosts without Java and without a network: a Java runtime, the jar without what
# is of no use on a GPU host, and a start script.
#   bundle.sh [ARCHIVE]       default: target/samebits-linux-x86_64.tar.gz; needs target/benchmarks.jar
# The runtime is that of the JDK in JAVA_HOME, else of the java in PATH; it must have its jmods.
# Left out: ND4J, OpenBLAS, what reports are rendered with, natives of other platforms.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { printf 'bundle.sh: %s\n' "$*" >&2; exit 1; }

archive=$(realpath -m "${1:-target/samebits-linux-x86_64.tar.gz}")
jar=$PWD/target/benchmarks.jar
limit=$((45 * 1024 * 1024))
[ -f "$jar" ] || fail "there is no $jar; make it: mvn -DskipTests package"
jdk=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}
[ -x "$jdk/bin/jlink" ] && [ -d "$jdk/jmods" ] || fail "$jdk has no bin/jlink or no jmods; set JAVA_HOME to a whole JDK"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The jar, less what is left out.
mkdir -p "$work/jar" "$work/samebits"
(
  cd "$work/jar"
  "$jdk/bin/jar" --extract --file "$jar"
  mv META-INF/MANIFEST.MF "$work"
  rm -rf org/nd4j org/bytedeco org/tensorflow tensorflow natives onnx* ops.proto nd4j* \
    org/jfree org/apache/batik org/apache/xmlgraphics freemarker org/w3c report jcuda/nvptxcompiler
  find com/sun/jna org/jline -type f \( -name '*.so' -o -name '*.jnilib' -o -name '*.dylib' -o -name '*.dll' -o -name '*.a' \) \
    ! -path '*linux-x86-64*' ! -path '*Linux/x86_64*' -delete
)
"$jdk/bin/jar" --create --file "$work/samebits/samebits.jar" --manifest "$work/MANIFEST.MF" -C "$work/jar" .

# A runtime with the modules it needs: java.desktop is only asked for by code that is not reached.
release=$("$jdk/bin/java" -version 2>&1 | sed -n '1s/.*version "\([0-9]*\).*/\1/p')
modules=$("$jdk/bin/jdeps" --ignore-missing-deps --multi-release "$release" --print-module-deps "$work/samebits/samebits.jar" |
  tr ',' '\n' | grep -v '^java.desktop$' | paste -sd,)
"$jdk/bin/jlink" --module-path "$jdk/jmods" --add-modules "$modules,jdk.incubator.vector" \
  --strip-java-debug-attributes --no-header-files --no-man-pages --output "$work/samebits/runtime"
# Forks start faster with an archive of Java's own classes.
"$work/samebits/runtime/bin/java" -Xshare:dump >"$work/dump" 2>&1 || { cat "$work/dump" >&2; fail "no class archive"; }
rm -f "$work/samebits/runtime/lib/server/classes_nocoops.jsa"

cat >"$work/samebits/samebits" <<'END'
#!/bin/sh
# The arguments are those of: java -jar benchmarks.jar. Flags for Java go into JAVA_TOOL_OPTIONS.
here=$(dirname "$(readlink -f "$0")")
exec "$here/runtime/bin/java" -jar "$here/samebits.jar" "$@"
END
chmod +x "$work/samebits/samebits"
cp LICENSE NOTICE scripts/gpu-check.sh "$work/samebits"

mkdir -p "$(dirname "$archive")"
tar -C "$work" --owner=0 --group=0 --sort=name -c samebits | gzip -9 >"$archive.part"
bytes=$(stat -c %s "$archive.part")
[ "$bytes" -le "$limit" ] || fail "$archive would have $bytes bytes, more than $limit"
mv "$archive.part" "$archive"
glibc=$(grep -aoh 'GLIBC_2\.[0-9]*' $(find "$work/samebits/runtime" -type f \( -name '*.so' -o -name java \)) | sort -uV | tail -1)
echo "$archive: $bytes bytes, Java $release, for Linux x86-64 with ${glibc/_/ } or newer"

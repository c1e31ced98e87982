#!/usr/bin/env bash
# Runs the tests that train under what their results could depend on: kernels of OpenBLAS, threads, natives of ND4J, JDKs.
# Prints a table, and fails where a test does.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'USAGE'
usage: src-test/settings.sh [--list] [--all] [--compiled] [SETTING...]

  --list      names the settings of this machine, and runs nothing
  --all       all tests, not only those that are tagged "training"
  --compiled  the build is up to date: do not compile first
  SETTING     such as Nehalem, threads-2, avx512, jdk-25; default: all. Each differs from "plain", which is
              OpenBLAS's own choice of kernel, 1 thread, the natives without extension and Maven's JDK, in one point

JDKs are looked for in /usr/lib/jvm and in the directories that the variable JAVA_HOMES names, separated by colons.
A setting in which no test starts is skipped, and named; a JVM that crashes is a failure. Logs are left in src-test/target/settings.
USAGE
}

logs=src-test/target/settings
list=false
compiled=false
tests=(-Dgroups=training)
wanted=()
for argument in "$@"; do
  case $argument in
    --list) list=true ;;
    --all) tests=() ;;
    --compiled) compiled=true ;;
    -h | --help) usage && exit ;;
    -*) usage >&2 && exit 2 ;;
    *) wanted+=("$argument") ;;
  esac
done

platform() {
  local system machine
  case $(uname -s) in
    Linux) system=linux ;;
    Darwin) system=macosx ;;
    *) system=windows ;;
  esac
  case $(uname -m) in
    aarch64 | arm64) machine=arm64 ;;
    *) machine=x86_64 ;;
  esac
  echo "$system-$machine"
}

java_version() {
  "$1" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p'
}

# The settings: one name, and what it adds to Maven's command; a word with = and without - is an environment variable.
names=(plain)
additions=("")
add() {
  names+=("$1")
  additions+=("$2")
}

platform=$(platform)
if [[ $platform == *x86_64 ]]; then
  for kernel in Nehalem Haswell SkylakeX Zen; do
    add "$kernel" "OPENBLAS_CORETYPE=$kernel"
  done
fi
for threads in 2 4; do
  add "threads-$threads" "-Dtest.threads=$threads"
done
if [[ $platform == *x86_64 ]]; then
  for extension in avx2 avx512 onednn onednn-avx2 onednn-avx512; do
    add "$extension" "-Dnatives=$platform-$extension"
  done
fi
own=$(java_version "${JAVA_HOME:+$JAVA_HOME/bin/}java")
IFS=: read -ra homes <<<"${JAVA_HOMES:-}"
for version in 17 21 25; do
  for home in ${homes[@]+"${homes[@]}"} /usr/lib/jvm/*; do
    if [ "$version" != "$own" ] && [ -x "$home/bin/java" ] && [ "$(java_version "$home/bin/java")" = "$version" ]; then
      add "jdk-$version" "-Djvm=$home/bin/java"
      break
    fi
  done
done

if $list; then
  printf '%s\n' "${names[@]}"
  exit
fi
for name in ${wanted[@]+"${wanted[@]}"}; do
  if ! printf '%s\n' "${names[@]}" | grep -qxF -- "$name"; then
    echo "no setting $name on this machine; there are: ${names[*]}" >&2
    exit 2
  fi
done

# Kernels and natives with instructions that the processor lacks would end in a crash, early or late.
lacks() {
  local flag
  case $1 in
    *avx512 | SkylakeX) flag=avx512f ;;
    *avx2 | Haswell | Zen) flag=avx2 ;;
    *) return 1 ;;
  esac
  [ -r /proc/cpuinfo ] && ! grep -qw "$flag" /proc/cpuinfo
}

mkdir -p "$logs"
if ! $compiled; then
  ./mvnw -q -B -ntp test-compile -Djacoco.skip
fi

# Of all modules: Maven's lines "Tests run: 5, Failures: 0, Errors: 0, Skipped: 0" without a class.
count() {
  sed -E -n 's/.*Tests run: ([0-9]+), Failures: ([0-9]+), Errors: ([0-9]+), Skipped: [0-9]+$/\1 \2 \3/p' "$1" |
    awk '{ run += $1; failed += $2 + $3 } END { print run + 0, failed + 0 }'
}

format='%-16s %7s %9s %8s  %s\n'
failed=false
ran=0
# shellcheck disable=SC2059
printf "$format" setting tests failures seconds ""
for i in "${!names[@]}"; do
  name=${names[i]}
  if [ ${#wanted[@]} -gt 0 ] && ! printf '%s\n' "${wanted[@]}" | grep -qxF -- "$name"; then
    continue
  fi
  log=$logs/$name.log
  if lacks "$name"; then
    # shellcheck disable=SC2059
    printf "$format" "$name" - - - "skipped: not for this processor"
    continue
  fi
  environment=()
  options=()
  case ${additions[i]} in
    -*) options=("${additions[i]}") ;;
    ?*) environment=("${additions[i]}") ;;
  esac
  SECONDS=0
  # nothing is compiled again, as the class path of other natives would have it
  status=0
  env ${environment[@]+"${environment[@]}"} ./mvnw -B -ntp test ${options[@]+"${options[@]}"} ${tests[@]+"${tests[@]}"} \
    -Dmaven.main.skip -Dmaven.compiler.useIncrementalCompilation=false -Dmaven.test.failure.ignore \
    -Djacoco.skip -Dspotless.check.skip -Denforcer.skip >"$log" 2>&1 || status=$?
  read -r run failures < <(count "$log")
  what=""
  if [ "$status" != 0 ] && grep -q 'The forked VM terminated' "$log"; then
    failed=true
    failures=-
    what="a JVM crashed, see $log"
  elif [ "$run" = 0 ]; then
    what="skipped: $(grep -m1 '^\[ERROR\]' "$log" || echo "nothing started"), see $log"
    failures=-
  elif [ "$failures" != 0 ] || [ "$status" != 0 ]; then
    failed=true
    what="see $log"
  fi
  ran=$((ran + run))
  # shellcheck disable=SC2059
  printf "$format" "$name" "$run" "$failures" "$SECONDS" "$what"
done

if $failed; then
  exit 1
fi
if [ "$ran" = 0 ]; then
  echo "no test was run" >&2
  exit 1
fi

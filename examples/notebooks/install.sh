#!/usr/bin/env bash
# Installs what runs the notebooks on Debian, Ubuntu and their like: Jupyter from the distribution, and a Java kernel for
# the user who calls this, as root or with sudo. What is there already is left alone, so that it can be called again.
#
#   install.sh        Jupyter's nbconvert, which executes notebooks on the command line, and the kernel
#   install.sh --ui   Jupyter's notebook server for the browser as well
set -euo pipefail

version=3.0.1
name=rapaio-jupyter-kernel
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

fail() {
  echo "install.sh: $*" >&2
  exit 1
}

# the fonts are for the charts
packages=(jupyter-nbconvert jupyter-client python3-nbconvert fontconfig fonts-dejavu-core)
commands=(jupyter-nbconvert jupyter-kernelspec fc-list)
run="jupyter nbconvert --to notebook --execute --inplace 01-first-quantized-network.ipynb"
case "${1:-}" in
  "") ;;
  --ui)
    packages+=(jupyter-notebook)
    commands+=(jupyter-notebook)
    run="jupyter notebook"
    ;;
  *) fail "unknown option $1; there is --ui" ;;
esac

# as mvnw finds it
javac=javac
[ -z "${JAVA_HOME:-}" ] || [ ! -x "$JAVA_HOME/bin/javac" ] || javac=$JAVA_HOME/bin/javac
command -v "$javac" >/dev/null || fail "a JDK 17 or newer is needed; on Debian: apt-get install openjdk-17-jdk"
java_version=$("$javac" -version 2>&1 | sed 's/^javac \([0-9]*\).*/\1/')
[ "$java_version" -ge 17 ] || fail "javac is of JDK $java_version; 17 or newer is needed"

missing=false
for command in "${commands[@]}"; do
  command -v "$command" >/dev/null || missing=true
done
if $missing; then
  command -v apt-get >/dev/null || fail "no apt-get here; install ${commands[*]} by hand (pip install nbconvert jupyter-client notebook)"
  sudo=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || fail "run this as root, or install sudo, or install by hand: ${packages[*]}"
    sudo=(sudo)
  fi
  echo "Installing ${packages[*]}"
  "${sudo[@]}" apt-get update -qq
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"
else
  echo "Jupyter is there: $(command -v jupyter-nbconvert)"
fi

if [ -n "${SUDO_USER:-}" ]; then
  echo "Called with sudo: the kernel is installed for root. Call install.sh as yourself to have it for yourself."
fi

# Maven takes the jar from Maven Central, compares its checksum, and stops if it differs.
kernel=$(mktemp -d)
trap 'rm -rf "$kernel"' EXIT
(cd "$root" && ./mvnw -q -B -ntp -N -C org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy \
  -Dartifact=io.github.padreati:$name:$version -DoutputDirectory="$kernel" -Dmdep.useBaseVersion=true)
jar=$name-$version.jar
[ -f "$kernel/$jar" ] || fail "$jar was not downloaded"
"$javac" --release 17 -cp "$kernel/$jar" -d "$kernel" "$here/StartKernel.java"

# The kernel resolves dependencies in a directory of its own. It is told to take Maven's, which ./mvnw install fills; it
# takes a path relative to its jar.
data=$(jupyter --data-dir)
mkdir -p "$data/kernels/$name" "$HOME/.m2/repository"
repository=$(realpath --relative-to="$data/kernels/$name" "$HOME/.m2/repository")

cat >"$kernel/kernel.json" <<JSON
{
  "argv": ["java", "-cp", "{resource_dir}/$jar:{resource_dir}", "StartKernel", "{connection_file}"],
  "display_name": "Java",
  "language": "java",
  "interrupt_mode": "message",
  "env": {
    "RJK_MIMA_CACHE": "$repository",
    "OMP_WAIT_POLICY": "passive"
  }
}
JSON
jupyter kernelspec install --user --replace --name=$name "$kernel" >/dev/null 2>&1 || fail "jupyter kernelspec install failed"
echo "Java kernel $version is installed in $data/kernels/$name"
echo "To begin: cd $here && $run"

#!/usr/bin/env bash
# Compiles the kernel checks and the sample Predict ahead of time for x64 or arm64 Linux and runs them.
# usage: run-native.sh x64|arm64 [--missing | DOTNET-PUBLISH-OPTION ...]
# With --missing it only says which programs it lacks, and fails if it lacks any.
# A native x64 image has the registers it was compiled for, on whatever machine. So there are three: with AVX-512, with AVX2, and as it comes
# without a setting. Those that this machine can run are run, the best first, and each fails where it sees less than it was compiled for.
# With options of your own there is one image.
# Each image of the sample must take at most 3 MB, and give the same 10,000 classes as the library with the JIT. Under emulation it is
# only compiled.
# On another machine arm64 is linked by a cross compiler and run under user-mode emulation, which really executes AdvSimd code.
# Needs, on Debian or Ubuntu: gcc and zlib1g-dev for x64; qemu-user, gcc-aarch64-linux-gnu and libc6-dev-arm64-cross for arm64.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
architecture=${1:-}
shift || true
emulator=()
prefix=""
case $architecture in
    x64) ;;
    arm64)
        if [[ $(uname -m) != aarch64 ]]; then
            prefix=aarch64-linux-gnu-
            emulator=(qemu-aarch64 -L /usr/aarch64-linux-gnu)
        fi
        ;;
    *)
        echo "usage: $0 x64|arm64" >&2
        exit 2
        ;;
esac

missing=()
for program in "${prefix}gcc" "${prefix}objcopy" ${emulator[0]:+"${emulator[0]}"}; do
    command -v "$program" > /dev/null || missing+=("$program")
done
if [[ -n $prefix && ! -e /usr/aarch64-linux-gnu/include/stdio.h ]]; then missing+=("the arm64 C library's headers"); fi
if ((${#missing[@]} > 0)); then
    printf 'missing: %s\n' "${missing[@]}" >&2
    echo "install: apt-get install gcc zlib1g-dev binutils (x64), qemu-user gcc-aarch64-linux-gnu libc6-dev-arm64-cross (arm64)" >&2
    exit 3
fi
if [[ ${1:-} == --missing ]]; then exit 0; fi

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
# The SDK passes clang's --target to the linker driver; gcc does not know it.
cat > "$out/linker" << SH
#!/usr/bin/env bash
arguments=()
for argument in "\$@"; do [[ \$argument == --target=* ]] || arguments+=("\$argument"); done
exec ${prefix}gcc "\${arguments[@]}"
SH
chmod +x "$out/linker"

checks=BinaryConnect.Core.KernelChecks
predict=BinaryConnect.Samples.Predict
samples=$here/../../samples
images=$samples/data/mnist/t10k-images-idx3-ubyte.gz
most_bytes=3000000

publish() { # publish IMAGE [DOTNET-PUBLISH-OPTION ...]: both programs, the sample without a warning
    local options=(-c Release -r "linux-$architecture" -p:PublishAot=true -p:LinkerFlavor=bfd -p:CppCompilerAndLinker="$out/linker"
        -p:ObjCopyName="${prefix}objcopy" "${@:2}")
    dotnet publish "$here" "${options[@]}" -o "$out/$1"
    dotnet publish "$samples/$predict" "${options[@]}" -o "$out/$1-predict" | tee "$out/log"
    if grep -q warning "$out/log"; then return 1; fi
}

run() { # run IMAGE EXPECTED: fails where the checks see anything else, or the sample's classes are not the library's
    echo "== $1"
    BINARYCONNECT_EXPECTED_ISA=$2 "${emulator[@]}" "$out/$1/$checks"
    local bytes same
    bytes=$(stat -c %s "$out/$1-predict/$predict")
    echo "$predict: $bytes bytes"
    ((bytes <= most_bytes)) || return 1
    # .NET takes SHA-256 from OpenSSL, which the cross compiler's libraries lack.
    if ((${#emulator[@]} > 0)); then return; fi
    "$out/$1-predict/$predict" "$out/digits.packed" "$images" > "$out/classes"
    same=$(paste "$out/expected" "$out/classes" | awk '$1 == $2' | wc -l)
    echo "$predict: $same of 10000 classes as with the JIT"
    ((same == 10000))
}

has() { # has FLAG: whether this machine's processor does
    grep -qw "$1" /proc/cpuinfo
}

mnist=(dotnet run -c Release --project "$samples/BinaryConnect.Samples.Mnist" --)
"${mnist[@]}" --recipe best --steps 2000 --pack "$out/digits.packed"
"${mnist[@]}" predict "$out/digits.packed" "$images" > "$out/expected"

if (($# > 0)); then
    publish native "$@"
    run native ""
elif [[ $architecture == arm64 ]]; then
    publish native
    run native "Vector128=True AdvSimd=True"
else
    publish x86-64-v4 -p:IlcInstructionSet=x86-64-v4
    publish x86-64-v3 -p:IlcInstructionSet=x86-64-v3
    publish x86-64 -p:IlcInstructionSet=
    if has avx512f; then run x86-64-v4 "Vector512=True Avx512F=True Avx2=True"; fi
    if has avx2; then run x86-64-v3 "Vector256=True Avx2=True"; fi
    run x86-64 "Vector128=True"
fi

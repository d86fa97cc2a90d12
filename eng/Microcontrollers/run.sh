#!/usr/bin/env bash
# Runs exported C source on emulated microcontrollers: run.sh FOLDER [MACHINE]...
# FOLDER has digits.c, digits.h and digits_test.c, as 'export MODEL FOLDER --to c --vectors 200' writes them.
# For each machine it prints rows and wrong classes; bytes of flash, start-up and libraries included and the test left out;
# bytes of stack of a prediction; instructions (QEMU) or cycles (simavr) of a prediction, the mean over the rows.
# On Debian: apt-get install --no-install-recommends gcc gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm
#   gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf qemu-system-misc gcc-avr avr-libc simavr libsimavr-dev
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$(cd "$1" && pwd)
shift
machines=("$@")
if ((${#machines[@]} == 0)); then machines=(cortex-m0 cortex-m4 rv32ec rv32imac atmega328p); fi
optimize=${OPTIMIZE:--O2}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rows=$(sed -nE 's/.* classes\[([0-9]+)\].*/\1/p' "$folder/digits_test.c")
flags=(-std=c99 -Wall -Wextra -Werror "$optimize" -ffunction-sections -fdata-sections -Wl,--gc-sections -I"$folder" -DDIGITS_NO_MAIN)
semihosting=(-display none -serial none -monitor none -chardev stdio,id=out
    -semihosting-config enable=on,target=native,chardev=out -plugin "$work/count.so")
gcc -shared -fPIC -O2 "$here/count.c" -o "$work/count.so"

flash_of() { # flash_of SIZE ELF: text and data
    "$1" "$2" | awk 'NR == 2 { print $1 + $2 }'
}

report() { # report MACHINE FLASH NM: reads the output of QEMU; functions of digits.c count, and those of the compiler
    awk -v machine="$1" -v flash="$2" -v rows="$rows" -v own="$("$3" "$work/digits.o" | awk '$2 ~ /[tT]/ { print $3 }' | tr '\n' ' ')" '
        BEGIN { split(own, names, " "); for (i in names) is_own[names[i]] = 1 }
        $1 == "wrong" { wrong = $2 }
        $1 == "stack" { stack = $2 }
        $1 == "count" && (is_own[$2] || $2 ~ /^(__|memset)/) { all += $3 }
        END { printf "%s: rows %d wrong %d flash %d stack %d instructions %d\n", machine, rows, wrong, flash, stack, all / (rows + 1) }
    ' "$work/output"
}

cortex() { # cortex MACHINE CPU BOARD FLAGS...
    local machine=$1 cpu=$2 board=$3
    shift 3
    local gcc=(arm-none-eabi-gcc "-mcpu=$cpu" -mthumb "$@" "${flags[@]}" -nostartfiles --specs=nano.specs --specs=nosys.specs
        -T "$here/cortex-m.ld" "$here/main.c" "$work/digits.o" "$work/start.o")
    arm-none-eabi-gcc "-mcpu=$cpu" -mthumb "$@" "${flags[@]}" -c "$folder/digits.c" -o "$work/digits.o"
    # Otherwise the loops of the start-up become calls of memcpy and memset.
    arm-none-eabi-gcc "-mcpu=$cpu" -mthumb -Os -fno-tree-loop-distribute-patterns -DALONE -c "$here/cortex-m.c" -o "$work/start.o"
    "${gcc[@]}" -DALONE -o "$work/alone.elf"
    arm-none-eabi-gcc "-mcpu=$cpu" -mthumb -Os -c "$here/cortex-m.c" -o "$work/start.o"
    "${gcc[@]}" "$folder/digits_test.c" -o "$work/test.elf"
    qemu-system-arm -M "$board" "${semihosting[@]}" -kernel "$work/test.elf" < /dev/null > "$work/output" 2>&1 || true
    report "$machine" "$(flash_of arm-none-eabi-size "$work/alone.elf")" arm-none-eabi-nm
}

risc() { # risc MACHINE ARCHITECTURE ABI
    local gcc=(riscv64-unknown-elf-gcc --specs=picolibc.specs "-march=$2" "-mabi=$3" "${flags[@]}"
        -Wl,--defsym=__flash=0x80000000,--defsym=__flash_size=0x400000,--defsym=__ram=0x80400000,--defsym=__ram_size=0x40000
        "$here/main.c" "$work/digits.o")
    riscv64-unknown-elf-gcc --specs=picolibc.specs "-march=$2" "-mabi=$3" "${flags[@]}" -c "$folder/digits.c" -o "$work/digits.o"
    "${gcc[@]}" --crt0=minimal -DALONE -o "$work/alone.elf"
    "${gcc[@]}" --oslib=semihost --crt0=hosted "$folder/digits_test.c" -o "$work/test.elf"
    qemu-system-riscv32 -M virt -cpu rv32 -bios none "${semihosting[@]}" -kernel "$work/test.elf" < /dev/null > "$work/output" 2>&1 || true
    report "$1" "$(flash_of riscv64-unknown-elf-size "$work/alone.elf")" riscv64-unknown-elf-nm
}

avr() {
    avr-gcc -mmcu=atmega328p "${flags[@]}" "$here/avr-firmware.c" "$folder/digits.c" -o "$work/avr.elf"
    gcc -O2 -I"$folder" "$here/avr-host.c" "$folder/digits.c" -o "$work/avr" -lsimavr
    echo "atmega328p: flash $(flash_of avr-size "$work/avr.elf") $("$work/avr" "$work/avr.elf" | grep rows)"
}

for machine in "${machines[@]}"; do
    case $machine in
        cortex-m0) cortex "$machine" cortex-m0 microbit ;;
        cortex-m4) cortex "$machine" cortex-m4 mps2-an386 -mfloat-abi=soft ;;
        rv32ec) risc "$machine" rv32ec ilp32e ;;
        rv32imac) risc "$machine" rv32imac ilp32 ;;
        atmega328p) avr ;;
        *) echo "No machine '$machine'; it must be cortex-m0, cortex-m4, rv32ec, rv32imac or atmega328p." >&2; exit 2 ;;
    esac
done

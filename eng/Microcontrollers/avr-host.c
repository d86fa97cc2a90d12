/* Simulates avr-firmware with the test vectors of digits_test.c, and counts cycles and the bytes of stack. */
#include <simavr/sim_avr.h>
#include <simavr/sim_elf.h>
#include <simavr/sim_io.h>
#include <stdio.h>
#include <string.h>

#define DIGITS_NO_MAIN
#include "digits_test.c"

enum { GPIOR0 = 0x3E, GPIOR1 = 0x4A, GPIOR2 = 0x4B, COUNT = sizeof classes / sizeof classes[0], MARK = 0xA5 };

static avr_cycle_count_t began, all, most;
static int next, wrong, is_class_due;
static unsigned input, least_stack = 0xFFFF;

static void look_at_stack(struct avr_t *avr)
{
    unsigned top = avr->data[R_SPL] | (unsigned)avr->data[R_SPH] << 8, i = input + DIGITS_INPUTS;
    while (i < top && avr->data[i] == MARK) i++;
    if (i < least_stack) least_stack = i;
}

static void written(struct avr_t *avr, avr_io_addr_t address, uint8_t value, void *data)
{
    (void)data;
    avr->data[address] = value;
    if (address == GPIOR0 && value == 1)
    {
        if (next == 0) input = avr->data[GPIOR1] | (unsigned)avr->data[GPIOR2] << 8;
        if (next < COUNT)
        {
            unsigned top = avr->data[R_SPL] | (unsigned)avr->data[R_SPH] << 8;
            memcpy(avr->data + input, vectors + next * DIGITS_INPUTS, DIGITS_INPUTS);
            memset(avr->data + input + DIGITS_INPUTS, MARK, top - input - DIGITS_INPUTS);
            began = avr->cycle;
        }
        else avr->data[GPIOR0] = 0;
    }
    else if (address == GPIOR0 && value == 2)
    {
        avr_cycle_count_t cycles = avr->cycle - began;
        all += cycles;
        if (cycles > most) most = cycles;
        look_at_stack(avr);
        is_class_due = 1;
    }
    else if (address == GPIOR1 && is_class_due)
    {
        is_class_due = 0;
        if (value != classes[next++]) wrong++;
    }
}

int main(int argc, char **argv)
{
    elf_firmware_t firmware = { 0 };
    avr_t *avr = avr_make_mcu_by_name("atmega328p");
    int state;
    if (argc != 2 || avr == NULL || elf_read_firmware(argv[1], &firmware) != 0) return 2;
    avr_init(avr);
    avr->frequency = 16000000;
    avr_load_firmware(avr, &firmware);
    avr_register_io_write(avr, GPIOR0, written, NULL);
    avr_register_io_write(avr, GPIOR1, written, NULL);
    do state = avr_run(avr);
    while (state != cpu_Done && state != cpu_Crashed);
    printf("rows %d wrong %d stack %u cycles mean %llu most %llu\n", next, wrong, (unsigned)avr->ramend + 1 - least_stack,
        (unsigned long long)(all / (next != 0 ? next : 1)), (unsigned long long)most);
    return state == cpu_Crashed || wrong != 0 || next != COUNT;
}

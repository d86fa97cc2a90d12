/* Runs the test of exported source on a bare machine, and measures the stack of one prediction. */
#include <stdint.h>

#include "digits.h"

/* Of bytes or floats. */
static uint32_t input[DIGITS_INPUTS];

#if defined(ALONE)
int main(void)
{
    return digits_predict((const void *)input);
}
#else
enum { DEPTH = 8192, MARK = 0xA5 };

#if defined(__riscv)
#include <stdio.h>
static void print(const char *text)
{
    fputs(text, stdout);
}
#else
void print(const char *text);
#endif

static void print_number(const char *name, unsigned number)
{
    char digits[12];
    char *first = digits + sizeof digits - 1;
    *first = 0;
    do *--first = (char)('0' + number % 10);
    while ((number /= 10) != 0);
    print(name);
    print(first);
    print("\n");
}

/* The bytes below this frame that a prediction writes to. */
__attribute__((noinline)) static unsigned stack_of_prediction(void)
{
    volatile uint8_t here;
    volatile uint8_t *bottom = (volatile uint8_t *)((uintptr_t)&here - DEPTH);
    unsigned i;
    for (i = 0; i < DEPTH - 64; i++) bottom[i] = MARK;
    digits_predict((const void *)input);
    for (i = 0; bottom[i] == MARK; i++) { }
    return DEPTH - i;
}

int main(void)
{
    int wrong = digits_test();
    print_number("wrong ", (unsigned)wrong);
    print_number("stack ", stack_of_prediction());
    return wrong != 0;
}
#endif

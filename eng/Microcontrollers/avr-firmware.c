/* The firmware of an ATmega328P under avr-host: it asks for a row, classifies it, and goes on until there is none. */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
#include <stdint.h>

#include "digits.h"

static uint8_t input[DIGITS_INPUTS];

int main(void)
{
    GPIOR1 = (uint8_t)(uintptr_t)input;
    GPIOR2 = (uint8_t)((uintptr_t)input >> 8);
    for (;;)
    {
        uint8_t found;
        GPIOR0 = 1; /* the host writes a row, or clears GPIOR0 after the last one */
        if (!GPIOR0) break;
        found = (uint8_t)digits_predict(input);
        GPIOR0 = 2;
        GPIOR1 = found;
    }
    cli();
    sleep_mode(); /* asleep without interrupts ends the simulation */
    return 0;
}

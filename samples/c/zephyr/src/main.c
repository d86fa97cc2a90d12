/* Runs the ten test vectors of digits_test.c. */
#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

#include "digits.h"

int main(void)
{
    printk("%d test vectors have another class\n", digits_test());
    return 0;
}

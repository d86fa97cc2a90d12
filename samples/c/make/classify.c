/* Prints the class of each image of bytes on the standard input. */
#include <stdio.h>

#include "digits.h"

int main(void)
{
    static uint8_t image[DIGITS_INPUTS];
    while (fread(image, sizeof image, 1, stdin) == 1) printf("%d\n", digits_predict(image));
    return 0;
}

// Reads images of bytes from the serial port, and answers each with its class.
#include "digits.h"

static uint8_t image[DIGITS_INPUTS];

void setup()
{
    Serial.begin(115200);
}

void loop()
{
    if (Serial.readBytes(image, sizeof image) == sizeof image) Serial.println(digits_predict(image));
}

/* Start-up of a Cortex-M. With ALONE it has no output, and is what a product would need at the least. */
#include <stdint.h>

extern uint32_t top_of_stack, first_data, end_data, load_data, first_bss, end_bss;

int main(void);

#if defined(ALONE)
static void stop(int code)
{
    (void)code;
    for (;;) { }
}
#else
/* Semihosting: QEMU carries out the operation. */
static void ask(int operation, const void *argument)
{
    register int r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

void print(const char *text)
{
    ask(4, text); /* SYS_WRITE0 */
}

static void stop(int code)
{
    const uint32_t reason[2] = { 0x20026, (uint32_t)code };
    ask(0x20, reason); /* SYS_EXIT_EXTENDED */
    for (;;) { }
}
#endif

void Reset_Handler(void)
{
    uint32_t *from = &load_data, *to = &first_data;
    while (to < &end_data) *to++ = *from++;
    for (to = &first_bss; to < &end_bss;) *to++ = 0;
    stop(main());
}

static void fault(void)
{
    stop(99);
}

__attribute__((section(".vectors"), used)) const void *const vectors[] = { &top_of_stack, Reset_Handler, fault, fault };

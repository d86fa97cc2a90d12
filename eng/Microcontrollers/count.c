/*
 * A plugin of QEMU that counts executed instructions by function of the guest.
 * Debian ships no header of plugins, so that the few declarations stand here.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

enum { MOST_FUNCTIONS = 512, ADD_TO_COUNT = 0 };

typedef uint64_t plugin_id;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
const char *qemu_plugin_insn_symbol(const struct qemu_plugin_insn *);
void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id, void (*)(plugin_id, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *, int, void *, uint64_t);
void qemu_plugin_register_atexit_cb(plugin_id, void (*)(plugin_id, void *), void *);

EXPORT int qemu_plugin_version = 1;

static struct
{
    char name[64];
    uint64_t count;
} functions[MOST_FUNCTIONS];

static int known;

static uint64_t *count_of(const char *symbol)
{
    const char *name = symbol != NULL && *symbol != 0 ? symbol : "?";
    for (int i = 0; i < known; i++)
        if (strncmp(functions[i].name, name, sizeof functions[i].name - 1) == 0) return &functions[i].count;
    if (known == MOST_FUNCTIONS) return &functions[known - 1].count;
    strncpy(functions[known].name, name, sizeof functions[known].name - 1);
    return &functions[known++].count;
}

static void translated(plugin_id id, struct qemu_plugin_tb *block)
{
    (void)id;
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); i++)
    {
        struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, i);
        uint64_t *count = count_of(qemu_plugin_insn_symbol(instruction));
        qemu_plugin_register_vcpu_insn_exec_inline(instruction, ADD_TO_COUNT, count, 1);
    }
}

static void report(plugin_id id, void *data)
{
    (void)id;
    (void)data;
    for (int i = 0; i < known; i++)
        fprintf(stderr, "count %s %llu\n", functions[i].name, (unsigned long long)functions[i].count);
}

EXPORT int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv)
{
    (void)info;
    (void)argc;
    (void)argv;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, report, NULL);
    return 0;
}

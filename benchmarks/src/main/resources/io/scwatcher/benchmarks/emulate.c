/* Interpreter of the scripts that stand where programs stood: runs the program of the same path below /.emulated under QEMU's user-mode emulation. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    char script[PATH_MAX], program[PATH_MAX + 16];
    char **words = calloc(argc + 4, sizeof *words);

    if (argc < 2 || !words || !realpath(argv[1], script))
        return 127;
    snprintf(program, sizeof program, "/.emulated%s", script);
    words[0] = "qemu-x86_64";
    words[1] = "-0";
    words[2] = argv[1];
    words[3] = program;
    for (int i = 2; i < argc; i++)
        words[i + 2] = argv[i];
    execv("/.emulated/qemu", words);
    return 127;
}

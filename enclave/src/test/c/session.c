#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* copy: passes its input on in capitals; wait: reads nothing for an hour; fail: says so and fails. */
int main(int argc, char **argv)
{
    if (!strcmp(argv[1], "copy")) {
        for (int c; (c = getchar()) != EOF;)
            putchar(c >= 'a' && c <= 'z' ? c - 32 : c);
        return 0;
    }
    if (!strcmp(argv[1], "wait")) {
        puts("waiting");
        fflush(stdout);
        sleep(3600);
    }
    fputs("failed\n", stderr);
    return 7;
}

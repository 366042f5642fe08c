/* What a rootkit hides: a process that sits on a listening port it inherits. It answers nobody. */
#include <unistd.h>

int main(void) {
    for (;;) pause();
}

// Memory: mmap, munmap, mprotect, brk, mremap, madvise, mincore, msync; private and shared; copy on write.
#include "check.h"
#include <sys/wait.h>
#include <sys/resource.h>

#define PAGE 4096

static int touch(volatile char *p) {               // 1 if it can be written
    int fds[2];
    pipe(fds);
    write(fds[1], "x", 1);
    int r = read(fds[0], (void *)p, 1) == 1;
    close(fds[0]); close(fds[1]);
    return r;
}

int main(void) {
    char *p = mmap(0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    p[0] = 'a'; p[3 * PAGE] = 'd';
    R(munmap(p + PAGE, PAGE));
    printf("%d %d %d\n", touch(p), touch(p + PAGE), touch(p + 2 * PAGE));
    R(mprotect(p + 2 * PAGE, PAGE, PROT_READ));
    printf("%d %d\n", touch(p + 2 * PAGE), touch(p + 3 * PAGE));
    R(mprotect(p, 4 * PAGE, PROT_READ | PROT_WRITE));
    R(mprotect(p + 1, PAGE, PROT_READ));
    R(mmap(p, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    R(mmap(0, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0));
    R(mmap(0, PAGE, PROT_READ, MAP_PRIVATE, 99, 0));
    R(mmap(0, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 1));
    R(mmap((void *)(1L << 47), PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    R(mmap(0, 1UL << 48, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    R(mmap(p, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));
    printf("hint %d\n", mmap((void *)0x10000000, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == (void *)0x10000000);
    R(munmap(p + 1, PAGE));
    R(munmap(p, 0));
    R(munmap((void *)(1L << 60), PAGE));

    char *b = sbrk(0);
    R(sbrk(10000) == b);
    b[9999] = 7;
    R(brk(b) );
    R(brk((void *)(1L << 46)));
    R(sbrk(0) == b);

    char *q = mmap(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    strcpy(q + PAGE - 3, "across");
    char *n = mremap(q, 2 * PAGE, 8 * PAGE, MREMAP_MAYMOVE);
    printf("%s %d\n", n + PAGE - 3, touch(n + 7 * PAGE));
    n = mremap(n, 8 * PAGE, 2 * PAGE, 0);
    printf("%s %d\n", n + PAGE - 3, touch(n + 2 * PAGE));
    char *to = mmap(0, 4 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    printf("moved %d\n", mremap(n, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to);
    printf("%s\n", to + PAGE - 3);
    R(mremap(to + 1, PAGE, PAGE, 0));
    R(mremap(to, PAGE, 0, 0));
    R(mremap((void *)0x5000, PAGE, 2 * PAGE, MREMAP_MAYMOVE));
    R(mremap(to, PAGE, PAGE, 64));

    to[0] = 9;
    R(madvise(to, PAGE, MADV_DONTNEED));
    printf("%d\n", to[0]);
    R(madvise(to, PAGE, 9999));
    R(madvise(to + 1, PAGE, MADV_DONTNEED));
    R(madvise((void *)0x5000, PAGE, MADV_DONTNEED));
    unsigned char vec[4] = {9, 9, 9, 9};
    char *f = mmap(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    f[0] = 1;
    R(mincore(f, 2 * PAGE, vec));
    printf("%d %d %d\n", vec[0] & 1, vec[1] & 1, vec[2]);
    R(mincore(f + 1, PAGE, vec));
    R(mincore((void *)0x5000, PAGE, vec));

    char name[] = "/tmp/memory-XXXXXX";
    int fd = mkstemp(name);
    for (int i = 0; i < 2000; i++) write(fd, "0123456789", 10);
    char *s = mmap(0, 20000, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    char *v = mmap(0, 20000, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    s[5] = 'S'; v[6] = 'V';
    char buf[11] = {0};
    pread(fd, buf, 10, 0);
    printf("file %s private %.10s\n", buf, v);
    pwrite(fd, "W", 1, 4096);
    printf("%c %c\n", s[4096], v[4096]);
    printf("rest of the page %d\n", s[20001]);
    R(msync(s, 20000, MS_SYNC));
    R(msync(s, PAGE, MS_SYNC | MS_ASYNC));
    R(msync((void *)0x5000, PAGE, MS_SYNC));
    if (fork() == 0) { s[7] = 'C'; v[8] = 'X'; _exit(0); }
    wait(NULL);
    printf("%.10s %.10s\n", s, v);
    close(fd);
    fd = open(name, O_RDONLY);
    R(mmap(0, PAGE, PROT_WRITE, MAP_SHARED, fd, 0));
    char *ro = mmap(0, PAGE, PROT_READ, MAP_SHARED, fd, 0);
    R(mprotect(ro, PAGE, PROT_READ | PROT_WRITE));
    int wo = open(name, O_WRONLY);
    R(mmap(0, PAGE, PROT_READ, MAP_PRIVATE, wo, 0));
    unlink(name);

    int gone = open("/tmp/memory-gone", O_RDWR | O_CREAT, 0600);
    write(gone, "still here", 11);
    char *kept = mmap(0, PAGE, PROT_READ, MAP_SHARED, gone, 0);
    unlink("/tmp/memory-gone");
    close(gone);
    if (fork() == 0) { printf("%s\n", kept); _exit(0); }
    wait(NULL);

    char *sh = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    char *pr = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (fork() == 0) { strcpy(sh, "shared"); strcpy(pr, "private"); _exit(0); }
    wait(NULL);
    printf("%s|%s\n", sh, pr);

    unsigned char code[] = {0xb8, 1, 0, 0, 0, 0xc3};        // mov $1, %eax; ret
    char *x = mmap(0, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int sum = 0;
    for (int i = 0; i < 50; i++) { code[1] = i; memcpy(x, code, 6); sum += ((int (*)(void))x)(); }
    printf("generated code %d\n", sum);
    R(mlock(x, PAGE));
    R(munlock(x, PAGE));
    R(mlock((void *)0x5000, PAGE));

    struct rlimit rl = {64 << 20, 64 << 20};
    setrlimit(RLIMIT_AS, &rl);
    R(mmap(0, 128 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    printf("%d\n", malloc(100 << 20) == NULL);
    return 0;
}

#define _GNU_SOURCE
// execve: arguments, environment, scripts, errors, what survives.
#include "check.h"
#include <ftw.h>
#include <elf.h>
#include <sys/auxv.h>
#include <sys/wait.h>

static int run(const char *path, char *const argv[], char *const envp[]) {
    fflush(stdout);
    pid_t p = fork();
    if (p == 0) { execve(path, argv, envp); printf("execve: %s\n", strerrorname_np(errno)); fflush(stdout); _exit(99); }
    int s;
    waitpid(p, &s, 0);
    printf("status %x\n", s);
    return s;
}

static void file(const char *name, const void *content, size_t size, int mode) {
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    write(fd, content, size);
    close(fd);
    chmod(name, mode);
}

static void text(const char *name, const char *content) { file(name, content, strlen(content), 0755); }

static char folder[64];
static pid_t owner;

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    return remove(path), 0;
}

/* Nothing is left of the files, whoever ends. */
static void clean_up(void)
{
    if (getpid() == owner)
        nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int main(int argc, char **argv, char **envp) {
    if (argc > 1 && !strcmp(argv[1], "show")) {
        for (int i = 0; i < argc; i++) printf("arg %d '%s'\n", i, strlen(argv[i]) > 100 ? "long" : i == 0 && argv[0][0] == '/' ? "path" : argv[i]);
        for (int i = 0; envp[i]; i++) printf("env '%s'\n", envp[i]);
        printf("secure %ld pagesz %ld clktck %ld platform %s execfn %d random %d phdr %d\n", getauxval(AT_SECURE), getauxval(AT_PAGESZ),
            getauxval(AT_CLKTCK), (char *)getauxval(AT_PLATFORM), getauxval(AT_EXECFN) != 0, getauxval(AT_RANDOM) != 0, getauxval(AT_PHDR) != 0);
        printf("alignment %ld\n", (long)__builtin_frame_address(0) & 15);
        sigset_t m;
        sigprocmask(0, NULL, &m);
        struct sigaction a, b;
        sigaction(SIGUSR1, NULL, &a);
        sigaction(SIGUSR2, NULL, &b);
        printf("mask %d handler %d ignored %d\n", sigismember(&m, SIGHUP), a.sa_handler == SIG_DFL, b.sa_handler == SIG_IGN);
        printf("closed %d open %d\n", fcntl(100, F_GETFD), fcntl(101, F_GETFD));
        return argc;
    }
    if (argc > 1 && !strcmp(argv[1], "count")) {
        long n = 0;
        for (int i = 0; i < argc; i++) n += strlen(argv[i]);
        printf("count %d %ld\n", argc, n);
        return 0;
    }
    if (argc > 0 && argv[0][0] == 0) { printf("no arguments: %d\n", argc); return 0; }
    char dir[] = "/tmp/execution-XXXXXX";
    mkdtemp(dir);
    chdir(dir);
    strcpy(folder, dir);
    owner = getpid();
    atexit(clean_up);
    char self[4096];
    self[readlink("/proc/self/exe", self, sizeof self - 1)] = 0;
    sigset_t m;
    sigemptyset(&m);
    sigaddset(&m, SIGHUP);
    sigprocmask(SIG_BLOCK, &m, NULL);
    signal(SIGUSR1, (void (*)(int))main);
    signal(SIGUSR2, SIG_IGN);
    dup3(1, 100, O_CLOEXEC);
    dup2(1, 101);
    run(self, (char *[]){"name", "show", "", "a b", NULL}, (char *[]){"A=1", "", "B=\377", NULL});
    run(self, (char *[]){NULL}, (char *[]){NULL});
    text("s1", "#!/bin/echo  one two  \nrest");
    run("s1", (char *[]){"x", "y", NULL}, envp);
    text("s2", "#!./s1 arg\n");
    run("./s2", (char *[]){"x", "y", NULL}, envp);
    text("s3", "#!./s2\n"); text("s4", "#!./s3\n"); text("s5", "#!./s4\n"); text("s6", "#!./s5\n"); text("s7", "#!./s6\n");
    run("./s5", (char *[]){"x", NULL}, envp);
    run("./s6", (char *[]){"x", NULL}, envp);
    run("./s7", (char *[]){"x", NULL}, envp);
    text("e1", "#!\n"); text("e2", "#! \t \n"); text("e3", "#!/nonexistent\n"); text("e4", "plain text\n"); text("e5", ""); text("e6", "#!/bin/echo");
    text("e7", "#!/tmp\n"); text("e8", "#!/bin/echo\ta\tb \n");
    for (int i = 1; i <= 8; i++) { char n[] = "./e1"; n[3] = '0' + i; run(n, (char *[]){"x", NULL}, envp); }
    char longline[400];
    memset(longline, 'a', sizeof longline);
    memcpy(longline, "#!/bin/echo ", 12);
    longline[399] = '\n';
    file("long", longline, sizeof longline, 0755);
    run("./long", (char *[]){"x", NULL}, envp);
    memcpy(longline, "#!/bin/echoaaaaaa", 15);
    file("long", longline, sizeof longline, 0755);
    run("./long", (char *[]){"x", NULL}, envp);
    run("./none", (char *[]){"x", NULL}, envp);
    run("", (char *[]){"x", NULL}, envp);
    run(".", (char *[]){"x", NULL}, envp);
    run("./s1/x", (char *[]){"x", NULL}, envp);
    chmod("s1", 0644);
    run("./s1", (char *[]){"x", NULL}, envp);
    run((char *)8, (char *[]){"x", NULL}, envp);
    run(self, (char **)8, envp);
    run(self, (char *[]){(char *)8, NULL}, envp);

    char *big = malloc(200000);
    memset(big, 'x', 200000);
    big[131071] = 0;
    run(self, (char *[]){"c", "count", big, NULL}, envp);
    big[131071] = 'x'; big[131072] = 0;
    run(self, (char *[]){"c", "count", big, NULL}, envp);
    big[1000] = 0;
    static char *many[10000];
    many[0] = "c"; many[1] = "count";
    for (int i = 2; i < 1500; i++) many[i] = big;
    run(self, many, (char *[]){NULL});
    for (int i = 2; i < 3000; i++) many[i] = big;
    run(self, many, (char *[]){NULL});

    // broken ELF files
    int fd = open(self, O_RDONLY);
    static char elf[1 << 20];
    long n = read(fd, elf, sizeof elf);
    struct { const char *what; int offset, size; long value; } broken[] = {
        {"class", 18, 2, 3}, {"phentsize", 54, 2, 10}, {"phnum 0", 56, 2, 0}, {"phnum 65535", 56, 2, 65535}, {"phoff", 32, 8, 1L << 40},
        {"phoff negative", 32, 8, -8}, {"type", 16, 2, 1}, {"entry", 24, 8, 1}, {"entry high", 24, 8, -4096},
    };
    for (unsigned i = 0; i < sizeof broken / sizeof *broken; i++) {
        char saved[8];
        memcpy(saved, elf + broken[i].offset, 8);
        memcpy(elf + broken[i].offset, &broken[i].value, broken[i].size);
        file("broken", elf, n, 0755);
        memcpy(elf + broken[i].offset, saved, 8);
        printf("%s: ", broken[i].what);
        run("./broken", (char *[]){"x", "count", NULL}, envp);
    }
    for (int cut = 1; cut <= 128; cut *= 2) { file("broken", elf, cut, 0755); run("./broken", (char *[]){"x", NULL}, envp); }
    Elf64_Ehdr *h = (void *)elf;
    Elf64_Phdr *ph = (void *)(elf + h->e_phoff);
    for (int i = 0; i < h->e_phnum; i++) {
        if (ph[i].p_type != PT_LOAD) continue;
        Elf64_Phdr saved = ph[i];
        ph[i].p_vaddr = 1L << 60; file("broken", elf, n, 0755); run("./broken", (char *[]){"x", "count", NULL}, envp); ph[i] = saved;
        ph[i].p_memsz = 1; file("broken", elf, n, 0755); run("./broken", (char *[]){"x", "count", NULL}, envp); ph[i] = saved;
        ph[i].p_memsz = 1L << 50; file("broken", elf, n, 0755); run("./broken", (char *[]){"x", "count", NULL}, envp); ph[i] = saved;
        ph[i].p_filesz = -1; file("broken", elf, n, 0755); run("./broken", (char *[]){"x", "count", NULL}, envp); ph[i] = saved;
        ph[i].p_offset += 1; file("broken", elf, n, 0755); run("./broken", (char *[]){"x", "count", NULL}, envp); ph[i] = saved;
        break;
    }
    R(syscall(SYS_execveat, AT_FDCWD, self, NULL, NULL, 0x8000));
    fflush(stdout);
    if (fork() == 0) { char *a[] = {"fd", "count", NULL}; syscall(SYS_execveat, fd, "", a, envp, AT_EMPTY_PATH); _exit(98); }
    int s;
    wait(&s);
    printf("execveat %x\n", s);
    return 0;
}

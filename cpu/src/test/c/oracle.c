/*
 * Executes one or two instructions on the real processor. Reads cases from standard input and writes what became of each to standard output: a 32-bit count,
 * then so many records of the structures below. The instruction stands in a page of INT3, so that it ends in a signal whatever it does; the handler
 * stores the state that the kernel saved, puts the next case in its place and returns into it. No C library: an instruction may have changed any
 * register, segment registers among them, when the handler runs.
 */
#define _GNU_SOURCE
#include <asm/prctl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>

#define CODE 0x10000000UL
#define START (CODE + 0x800)
#define DATA 0x20000000UL
/* Pages that mustn't be written: one that nobody has read, one that somebody has, and one that mustn't be read either. */
#define COLD 0x30000000UL
#define WARM 0x30010000UL
#define HIDDEN 0x30020000UL
#define PAGE 4096UL
#define WINDOW 640
#define BATCH 256
#define DISARMED_WHILE_IN_USE (1 << 31) /* SS_AUTODISARM, whose header doesn't go with signal.h */

struct input {
    uint8_t code[32];
    uint64_t gpr[16];
    uint64_t flags;
    uint64_t length;
    uint64_t fs_base, gs_base;
    uint8_t fx[512];
    uint8_t memory[WINDOW];
};

struct output {
    uint64_t vector, error, fault_address, rip;
    uint64_t gpr[16];
    uint64_t flags;
    uint8_t fx[512];
    uint8_t memory[WINDOW];
};

static struct input in[BATCH];
static struct output out[BATCH];
static uint32_t count;
static int current = -1;
static uint8_t handler_stack[65536];

/* The order of the instruction encoding, as indexes of ucontext_t's registers. */
static const uint8_t order[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                  REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};

static long call(long number, long a, long b, long c, long d) {
    register long r10 __asm__("r10") = d;
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10) : "rcx", "r11", "memory");
    return result;
}

static void *map(unsigned long address, unsigned long length, int protection) {
    register long r8 __asm__("r8") = -1;
    register long r9 __asm__("r9") = 0;
    register long r10 __asm__("r10") = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(SYS_mmap), "D"(address), "S"(length), "d"(protection), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return (void *) result;
}

static void leave(int status) {
    call(SYS_exit_group, status, 0, 0, 0);
    __builtin_unreachable();
}

static void copy(void *to, const void *from, unsigned long n) {
    __asm__ volatile("cld; rep movsb" : "+D"(to), "+S"(from), "+c"(n) : : "memory");
}

static void fill(void *to, int value, unsigned long n) {
    __asm__ volatile("cld; rep stosb" : "+D"(to), "+c"(n) : "a"(value) : "memory");
}

/* Returns 0 at the end of the input, if nothing has been read. */
static int read_all(void *to, unsigned long n) {
    unsigned long done = 0;
    while (done < n) {
        long r = call(SYS_read, 0, (long) to + done, n - done, 0);
        if (r <= 0) {
            if (r == 0 && done == 0) {
                return 0;
            }
            leave(3);
        }
        done += r;
    }
    return 1;
}

static void write_all(const void *from, unsigned long n) {
    while (n > 0) {
        long r = call(SYS_write, 1, (long) from, n, 0);
        if (r <= 0) {
            leave(4);
        }
        from = (const char *) from + r;
        n -= r;
    }
}

static void next_batch(void) {
    if (current >= 0) {
        write_all(&count, sizeof count);
        write_all(out, count * sizeof *out);
    }
    if (!read_all(&count, sizeof count)) {
        leave(0);
    }
    if (count == 0 || count > BATCH || !read_all(in, count * sizeof *in)) {
        leave(5);
    }
    current = -1;
}

static void handle(int number, siginfo_t *info, void *context) {
    (void) number;
    (void) info;
    ucontext_t *u = context;
    greg_t *registers = u->uc_mcontext.gregs;
    uint8_t *fx = (uint8_t *) u->uc_mcontext.fpregs;
    if (current >= 0) {
        struct output *o = &out[current];
        o->vector = registers[REG_TRAPNO];
        o->error = registers[REG_ERR];
        o->fault_address = registers[REG_CR2];
        o->rip = registers[REG_RIP];
        for (int i = 0; i < 16; i++) {
            o->gpr[i] = registers[order[i]];
        }
        o->flags = registers[REG_EFL];
        copy(o->fx, fx, sizeof o->fx);
        copy(o->memory, (void *) (DATA + PAGE - WINDOW), WINDOW);
    }
    if (current < 0 || current + 1 == (int) count) {
        next_batch();
    }
    struct input *i = &in[++current];
    fill((void *) CODE, 0xcc, PAGE);
    copy((void *) START, i->code, i->length);
    copy((void *) (DATA + PAGE - WINDOW), i->memory, WINDOW);
    for (int r = 0; r < 16; r++) {
        registers[order[r]] = i->gpr[r];
    }
    registers[REG_RIP] = START;
    registers[REG_EFL] = i->flags;
    copy(fx, i->fx, 464); /* what is behind belongs to the kernel: whether there is an XSAVE header */
    if (*(uint32_t *) (fx + 464) == 0x46505853) {
        *(uint64_t *) (fx + 512) |= 3;
    }
    __asm__ volatile("mov %0, %%ds; mov %0, %%es; mov %0, %%fs; mov %0, %%gs" : : "r"(0));
    call(SYS_arch_prctl, ARCH_SET_FS, i->fs_base, 0, 0);
    call(SYS_arch_prctl, ARCH_SET_GS, i->gs_base, 0, 0);
    call(SYS_madvise, COLD, PAGE, MADV_DONTNEED, 0);
    (void) *(volatile uint8_t *) WARM;
}

__attribute__((naked)) static void restorer(void) {
    __asm__("mov $15, %eax; syscall");
}

struct kernel_sigaction {
    void (*handler)(int, siginfo_t *, void *);
    unsigned long flags;
    void (*restorer)(void);
    uint64_t mask;
};

__attribute__((force_align_arg_pointer)) void _start(void) {
    /* Else the kernel would take a case whose RSP happens to point there for a signal handler. */
    stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof handler_stack, .ss_flags = DISARMED_WHILE_IN_USE};
    struct kernel_sigaction action = {handle, SA_SIGINFO | SA_ONSTACK | 0x04000000, restorer, ~0UL};
    static const int signals[] = {SIGTRAP, SIGSEGV, SIGILL, SIGFPE, SIGBUS};
    if (map(CODE, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC) != (void *) CODE || map(DATA, PAGE, PROT_READ | PROT_WRITE) != (void *) DATA
            || map(COLD, PAGE, PROT_READ) != (void *) COLD || map(WARM, PAGE, PROT_READ) != (void *) WARM
            || map(HIDDEN, PAGE, PROT_READ | PROT_WRITE) != (void *) HIDDEN) {
        leave(2);
    }
    *(volatile uint8_t *) HIDDEN = 1;
    call(SYS_mprotect, HIDDEN, PAGE, PROT_NONE, 0);
    call(SYS_sigaltstack, (long) &stack, 0, 0, 0);
    for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++) {
        call(SYS_rt_sigaction, signals[i], (long) &action, 0, 8);
    }
    __asm__ volatile("int3");
    leave(6);
}

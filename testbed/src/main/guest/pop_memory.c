/* Address spaces: mappings of every kind, thousands of them, locked, huge, swapped out, under pressure. System V IPC. */
#define _GNU_SOURCE
#include "population.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#define PR_SET_VMA_ANON_NAME 0
#endif
#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif
#ifndef MADV_WIPEONFORK
#define MADV_WIPEONFORK 18
#endif

#define MIB (1L << 20)

static char *map(size_t length, int protection, int flags, int file) {
    char *address = mmap(NULL, length, protection, flags, file, 0);
    if (address == MAP_FAILED) must(-1, "mmap");
    return address;
}

static char *private_memory(size_t length) { return map(length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1); }

static int sized_file(const char *path, size_t length) {
    int file = must(open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644), path);
    must(ftruncate(file, length), "ftruncate");
    return file;
}

static void file_mappings(void) {
    int file = sized_file("/var/tmp/mapped", MIB);
    map(MIB, PROT_READ, MAP_SHARED, file);
    memset(map(MIB, PROT_READ | PROT_WRITE, MAP_SHARED, file), 1, MIB / 2);
    memset(map(MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE, file), 2, 8192);
    map(8192, PROT_READ | PROT_EXEC, MAP_PRIVATE, file);
    if (mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 65536) == MAP_FAILED) must(-1, "mmap");
    int odd = sized_file("/var/tmp/m\xc3\xa4pped\n\\with odd bytes", 4096);
    map(4096, PROT_READ, MAP_SHARED, odd);
    int gone = sized_file("/var/tmp/mapped-deleted", 16384);
    memset(map(16384, PROT_READ | PROT_WRITE, MAP_SHARED, gone), 3, 16384);
    unlink("/var/tmp/mapped-deleted");
    int memory = must(memfd_create("mapped memfd", 0), "memfd");
    must(ftruncate(memory, 65536), "ftruncate");
    memset(map(65536, PROT_READ | PROT_WRITE, MAP_SHARED, memory), 4, 65536);
    int shared = must(shm_open("/testbed", O_RDWR | O_CREAT, 0600), "shm_open");
    must(ftruncate(shared, 65536), "ftruncate");
    map(65536, PROT_READ | PROT_WRITE, MAP_SHARED, shared)[5] = 5;
    int zero = must(open("/dev/zero", O_RDWR | O_CLOEXEC), "/dev/zero");
    map(8192, PROT_READ | PROT_WRITE, MAP_SHARED, zero)[0] = 6;
    map(8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, zero)[0] = 7;
    note_text("file", "/var/tmp/mapped");
}

static void anonymous_mappings(void) {
    memset(map(MIB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1), 1, 100000);
    map(1024 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1); /* never touched */
    map(MIB, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
    map(8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_STACK, -1)[4096] = 1;
    memset(map(MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1), 1, 1);
    char *advised = private_memory(64 * 4096);
    int advice[] = {MADV_DONTFORK, MADV_DONTDUMP, MADV_MERGEABLE, MADV_SEQUENTIAL, MADV_RANDOM, MADV_WIPEONFORK,
                    MADV_HUGEPAGE, MADV_NOHUGEPAGE};
    for (int i = 0; i < 8; i++) madvise(advised + 8192 * i, 4096, advice[i]);
    char *named = private_memory(8192);
    if (prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, named, 8192, "testbed name")) missing("named anonymous memory");
    char *heap = sbrk(300000);
    memset(heap, 1, 300000);
}

static void huge_mappings(void) {
    char *region = private_memory(8 * MIB);
    char *aligned = (char *)(((unsigned long)region + 2 * MIB - 1) & -(2 * MIB));
    madvise(aligned, 4 * MIB, MADV_HUGEPAGE);
    memset(aligned, 1, 4 * MIB);
    write_file("/proc/sys/vm/nr_hugepages", "4");
    char *huge = mmap(NULL, 4 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
    if (huge == MAP_FAILED) missing("hugetlb");
    else huge[0] = 1;
}

static void locked_memory(void) {
    char *memory = private_memory(MIB);
    must(mlock(memory, MIB / 2), "mlock");
    if (mlock2(memory + MIB / 2, 8192, MLOCK_ONFAULT)) missing("mlock2");
    must(mlockall(MCL_FUTURE), "mlockall");
    private_memory(20480);
    note_number("lockedAtLeastKiB", 512);
}

static void many_mappings(void) {
    char *memory = private_memory(3000 * 4096);
    for (int i = 0; i < 3000; i += 2) must(mprotect(memory + i * 4096L, 4096, PROT_READ), "mprotect");
    note_number("mappingsAtLeast", 3000);
}

static void swapped(void) {
    char *memory = private_memory(8 * MIB);
    memset(memory, 0x5a, 8 * MIB);
    for (long i = 0; i < 8 * MIB; i += 4096) *(long *)(memory + i) = i; /* nothing to merge or to skip */
    if (madvise(memory, 8 * MIB, MADV_PAGEOUT)) missing("MADV_PAGEOUT");
}

static void pressed(void) {
    mkdir("/sys/fs/cgroup/testbed", 0755);
    mkdir("/sys/fs/cgroup/testbed/pressed", 0755);
    write_file("/sys/fs/cgroup/testbed/cgroup.subtree_control", "+memory");
    if (write_file("/sys/fs/cgroup/testbed/pressed/memory.max", "12582912")) missing("memory.max");
    char number[16];
    snprintf(number, sizeof number, "%d", getpid());
    if (write_file("/sys/fs/cgroup/testbed/pressed/cgroup.procs", number)) missing("memory cgroup");
    char *memory = private_memory(20 * MIB);
    for (long i = 0; i < 20 * MIB; i += 4096) *(long *)(memory + i) = ~i;
    note_text("cgroup", "/testbed/pressed");
}

static void system_v(void) {
    int shared = must(shmget(0x5c0001, 123456, IPC_CREAT | 0640), "shmget");
    char *attached = shmat(shared, NULL, 0);
    attached[0] = 1;
    shmat(shared, NULL, SHM_RDONLY);
    int doomed = must(shmget(IPC_PRIVATE, 4096, 0600), "shmget");
    shmat(doomed, NULL, 0);
    shmctl(doomed, IPC_RMID, NULL);
    int semaphores = must(semget(0x5c0002, 5, IPC_CREAT | 0666), "semget");
    semop(semaphores, &(struct sembuf){2, 3, SEM_UNDO}, 1);
    int messages = must(msgget(0x5c0003, IPC_CREAT | 0600), "msgget");
    struct {
        long type;
        char text[16];
    } message = {1, "a message"};
    for (int i = 0; i < 3; i++) msgsnd(messages, &message, 10, IPC_NOWAIT);
    become(BOB);
    must(shmget(0x5c0004, 8192, IPC_CREAT | 0600), "shmget");
    note_list("keys", (const char *[]){"0x005c0001", "0x005c0002", "0x005c0003", "0x005c0004", NULL});
}

void populate_memory(void) {
    role("file-mappings", file_mappings);
    role("anonymous-mappings", anonymous_mappings);
    role("huge-mappings", huge_mappings);
    role("locked-memory", locked_memory);
    role("many-mappings", many_mappings);
    role("swapped", swapped);
    role("pressed", pressed);
    role("system-v", system_v);
}

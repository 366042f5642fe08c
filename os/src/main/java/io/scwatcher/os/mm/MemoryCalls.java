package io.scwatcher.os.mm;

import static io.scwatcher.os.abi.Errno.EFAULT;
import static io.scwatcher.os.abi.Errno.EINVAL;
import static io.scwatcher.os.abi.Errno.ENOMEM;
import static io.scwatcher.os.abi.Errno.EPERM;
import static io.scwatcher.os.abi.Errno.ESRCH;
import static io.scwatcher.os.syscall.Argument.*;
import static io.scwatcher.os.syscall.Support.FULL;
import static io.scwatcher.os.syscall.Support.PARTIAL;
import static io.scwatcher.os.syscall.Support.REFUSED;

import io.scwatcher.cpu.memory.AddressSpace;
import io.scwatcher.cpu.memory.Mapping;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.syscall.Argument;
import io.scwatcher.os.syscall.SystemCallTable;
import io.scwatcher.os.task.Task;

/** mmap(2) and its relatives. */
public final class MemoryCalls {
    private static final Argument PROTECTION = flags("PROT_READ", "PROT_WRITE", "PROT_EXEC");
    private static final Argument MAP_FLAGS = flags("MAP_SHARED", "MAP_PRIVATE", null, null, "MAP_FIXED", "MAP_ANONYMOUS", "MAP_32BIT", null, "MAP_GROWSDOWN",
            null, null, "MAP_DENYWRITE", "MAP_EXECUTABLE", "MAP_LOCKED", "MAP_NORESERVE", "MAP_POPULATE", "MAP_NONBLOCK", "MAP_STACK", "MAP_HUGETLB",
            "MAP_SYNC", "MAP_FIXED_NOREPLACE");
    private static final int MADV_DONTNEED = 4, MADV_REMOVE = 9, MADV_POPULATE_READ = 22, MADV_POPULATE_WRITE = 23, MADV_DONTNEED_LOCKED = 24;
    private static final int MS_ASYNC = 1, MS_INVALIDATE = 2, MS_SYNC = 4;
    private static final long PAGE = AddressSpace.PAGE;

    private MemoryCalls() {}

    public static void register(SystemCallTable.Builder table) {
        table.call(9, "mmap", args(POINTER, SIZE, PROTECTION, MAP_FLAGS, FD, HEX), PARTIAL, "no huge pages: ENOMEM", MemoryCalls::mmap);
        table.call(10, "mprotect", args(POINTER, SIZE, PROTECTION), FULL,
                (task, start, length, protection, _, _, _) -> new MemoryMap(task).protect(start, length, (int) protection));
        table.call(11, "munmap", args(POINTER, SIZE), FULL, (task, start, length, _, _, _, _) -> new MemoryMap(task).unmap(start, length));
        table.call(12, "brk", args(POINTER), FULL, (task, wanted, _, _, _, _, _) -> new MemoryMap(task).brk(wanted));
        table.call(25, "mremap", args(POINTER, SIZE, SIZE, flags("MREMAP_MAYMOVE", "MREMAP_FIXED", "MREMAP_DONTUNMAP"), POINTER), FULL,
                (task, old, oldSize, newSize, flags, target, _) -> new MemoryMap(task).remap(old, oldSize, newSize, (int) flags, target));
        table.call(26, "msync", args(POINTER, SIZE, flags("MS_ASYNC", "MS_INVALIDATE", "MS_SYNC")), FULL, MemoryCalls::msync);
        table.call(27, "mincore", args(POINTER, SIZE, POINTER), FULL, MemoryCalls::mincore);
        table.call(28, "madvise", args(POINTER, SIZE, INT), PARTIAL, "advice is taken as far as it changes contents", MemoryCalls::madvise);
        table.call(149, "mlock", args(POINTER, SIZE), PARTIAL, "all memory stays where it is anyway", MemoryCalls::lock);
        table.call(150, "munlock", args(POINTER, SIZE), FULL, MemoryCalls::lock);
        table.call(151, "mlockall", args(INT), PARTIAL, "as mlock", (_, flags, _, _, _, _, _) -> flags == 0 || (flags & ~7) != 0 || flags == 4 ? -EINVAL : 0);
        table.call(152, "munlockall", args(), FULL, (_, _, _, _, _, _, _) -> 0);
        table.call(325, "mlock2", args(POINTER, SIZE, INT), PARTIAL, "as mlock",
                (task, start, length, flags, _, _, _) -> (flags & ~1) != 0 ? -EINVAL : lock(task, start, length, 0, 0, 0, 0));
        table.call(237, "mbind", args(POINTER, SIZE, INT, POINTER, SIZE, HEX), PARTIAL, "there is one node", (_, start, _, _, _, _, _) -> (start & PAGE - 1) != 0 ? -EINVAL : 0);
        table.call(238, "set_mempolicy", args(INT, POINTER, SIZE), PARTIAL, "there is one node", (_, mode, _, _, _, _, _) -> (mode & 0xfff) > 6 ? -EINVAL : 0);
        table.call(239, "get_mempolicy", args(POINTER, POINTER, SIZE, POINTER, HEX), PARTIAL, "there is one node", MemoryCalls::getPolicy);
        table.call(323, "userfaultfd", args(HEX), REFUSED, (_, _, _, _, _, _, _) -> -EPERM);
        table.call(310, "process_vm_readv", args(INT, POINTER, SIZE, POINTER, SIZE, HEX), REFUSED, (_, pid, _, _, _, _, _) -> pid <= 0 ? -ESRCH : -EPERM);
        table.call(311, "process_vm_writev", args(INT, POINTER, SIZE, POINTER, SIZE, HEX), REFUSED, (_, pid, _, _, _, _, _) -> pid <= 0 ? -ESRCH : -EPERM);
    }

    private static long mmap(Task task, long hint, long length, long protection, long flags, long fd, long offset) {
        if ((offset & PAGE - 1) != 0) {
            return -EINVAL;
        }
        boolean anonymous = (flags & MemoryMap.MAP_ANONYMOUS) != 0;
        FileDescription file = anonymous ? null : task.files().get((int) fd);
        return new MemoryMap(task).map(hint, length, (int) protection, (int) flags, file, offset);
    }

    private static long msync(Task task, long start, long length, long flags, long d, long e, long f) {
        if ((flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) != 0 || (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC)) {
            return -EINVAL;
        }
        long size = MemoryMap.range(start, length);
        if (size > 0) {
            new MemoryMap(task).requireMapped(start, size);
        }
        return Math.min(size, 0);
    }

    private static long mincore(Task task, long start, long length, long vector, long d, long e, long f) {
        long size = MemoryMap.range(start, length);
        if (size <= 0) {
            return size;
        }
        AddressSpace space = task.mm().space();
        byte[] piece = new byte[(int) Math.min(size / PAGE, 4096)];
        for (long page = 0; page < size / PAGE; page += piece.length) {
            int count = (int) Math.min(piece.length, size / PAGE - page);
            for (int i = 0; i < count; i++) {
                long address = start + (page + i) * PAGE;
                if (space.mappingAt(address) == null) {
                    return -ENOMEM;
                }
                piece[i] = (byte) (space.isResident(address) ? 1 : 0);
            }
            if (task.memory().tryCopyOut(vector + page, piece, 0, count) < count) {
                return -EFAULT;
            }
        }
        return 0;
    }

    private static long madvise(Task task, long start, long length, long advice, long d, long e, long f) {
        boolean known = advice >= 0 && advice <= 4 || advice >= 8 && advice <= 25;
        if (!known || (start & PAGE - 1) != 0) {
            return -EINVAL;
        }
        long size = MemoryMap.range(start, length);
        if (size < 0) {
            return -EINVAL;
        }
        if (size == 0) {
            return 0;
        }
        MemoryMap map = new MemoryMap(task);
        if (advice == MADV_REMOVE) {
            return -EINVAL;
        }
        if (advice == MADV_DONTNEED || advice == MADV_DONTNEED_LOCKED) {
            task.mm().space().discard(start, size);
        } else if (advice == MADV_POPULATE_READ || advice == MADV_POPULATE_WRITE) {
            map.populate(start, size, advice == MADV_POPULATE_READ ? Mapping.READ : Mapping.WRITE);
        }
        map.requireMapped(start, size);
        return 0;
    }

    private static long lock(Task task, long start, long length, long c, long d, long e, long f) {
        long from = start & -PAGE;
        long size = MemoryMap.range(from, length + (start - from));
        if (size > 0) {
            new MemoryMap(task).requireMapped(from, size);
        }
        return Math.min(size, 0);
    }

    private static long getPolicy(Task task, long mode, long mask, long nodes, long address, long flags, long f) {
        if ((flags & ~7) != 0 || mask != 0 && nodes < 1) {
            return -EINVAL;
        }
        if (mode != 0) {
            task.memory().put32(mode, 0);
        }
        if (mask != 0) {
            task.memory().zero(mask, Math.min(nodes + 63 >>> 6 << 3, 128));
        }
        return 0;
    }
}

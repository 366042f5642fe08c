package io.scwatcher.os.mm;

import static io.scwatcher.os.abi.Errno.EACCES;
import static io.scwatcher.os.abi.Errno.EEXIST;
import static io.scwatcher.os.abi.Errno.EFAULT;
import static io.scwatcher.os.abi.Errno.EINVAL;
import static io.scwatcher.os.abi.Errno.ENOMEM;
import static io.scwatcher.os.abi.Errno.EOPNOTSUPP;
import static io.scwatcher.os.abi.Errno.EOVERFLOW;
import static io.scwatcher.os.abi.Errno.EPERM;

import io.scwatcher.cpu.memory.AddressSpace;
import io.scwatcher.cpu.memory.Backing;
import io.scwatcher.cpu.memory.Mapping;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.Mount;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.ResourceLimits;
import io.scwatcher.os.task.Task;
import java.util.List;

/** Changes what is mapped where: mm/mmap.c, mm/mremap.c, mm/mprotect.c (6.12). Each method is a system call of the task that has the turn. */
final class MemoryMap {
    static final int MAP_SHARED = 1, MAP_PRIVATE = 2, MAP_SHARED_VALIDATE = 3, MAP_TYPE = 15, MAP_FIXED = 0x10, MAP_ANONYMOUS = 0x20, MAP_32BIT = 0x40,
            MAP_GROWSDOWN = 0x100, MAP_LOCKED = 0x2000, MAP_NORESERVE = 0x4000, MAP_POPULATE = 0x8000, MAP_HUGETLB = 0x40000, MAP_FIXED_NOREPLACE = 0x100000;
    /** LEGACY_MAP_MASK of include/linux/mman.h, with MAP_FIXED_NOREPLACE. */
    private static final int LEGACY = MAP_SHARED | MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS | 0x800 | 0x1000 | MAP_GROWSDOWN | MAP_LOCKED | MAP_NORESERVE
            | MAP_POPULATE | 0x10000 | 0x20000 | MAP_HUGETLB | MAP_32BIT;
    private static final int MREMAP_MAYMOVE = 1, MREMAP_FIXED = 2, MREMAP_DONTUNMAP = 4;
    private static final int PROTECTIONS = Mapping.READ | Mapping.WRITE | Mapping.EXECUTE;
    private static final int MAX_MAP_COUNT = 65_530;
    private static final long MINIMUM_ADDRESS = 65_536;
    private static final long PAGE = AddressSpace.PAGE;

    private final Task task;
    private final MemoryDescriptor mm;
    private final AddressSpace space;

    MemoryMap(Task task) {
        this.task = task;
        this.mm = task.mm();
        this.space = mm.space();
    }

    /** @param file null for anonymous memory */
    long map(long hint, long length, int protection, int flags, FileDescription file, long offset) {
        if (length == 0) {
            return -EINVAL;
        }
        long size = pageUp(length);
        if (size <= 0 || size > AddressSpace.MAX) {
            return -ENOMEM;
        }
        if (offset + size < offset) {
            return -EOVERFLOW;
        }
        if (space.mappings().size() > MAX_MAP_COUNT) {
            return -ENOMEM;
        }
        long address = place(hint, size, flags);
        if (address < 0) {
            return address;
        }
        int type = flags & MAP_TYPE;
        boolean shared = type == MAP_SHARED || type == MAP_SHARED_VALIDATE;
        if (!shared && type != MAP_PRIVATE) {
            return -EINVAL;
        }
        int wrong = file == null ? 0 : checkFile(file, protection, flags, shared);
        if (wrong == 0) {
            wrong = checkLimits(size, protection, flags, shared);
        }
        if (wrong != 0) {
            return wrong;
        }
        int bits = protection & PROTECTIONS;
        if (file == null && (flags & MAP_GROWSDOWN) != 0 && !shared) {
            space.mapStack(address, size, bits, null);
        } else {
            boolean mayWrite = file == null || !shared || file.writable();
            Backing backing = file == null ? null : file.backing(shared && mayWrite);
            Object owner = file == null ? null : new MappedFile(file.location(), mayWrite);
            space.map(address, size, bits, backing, file == null ? 0 : offset, shared, owner);
            if (file != null) {
                mm.hold(backing, file);
            }
        }
        if ((flags & (MAP_POPULATE | MAP_LOCKED)) != 0) {
            populate(address, size, bits);
        }
        return address;
    }

    /** get_unmapped_area. @return an address, or a negated error number */
    private long place(long hint, long size, int flags) {
        if ((flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) != 0) {
            if (hint < 0 || hint > AddressSpace.MAX - size) {
                return -ENOMEM;
            }
            if ((hint & PAGE - 1) != 0) {
                return -EINVAL;
            }
            if (hint < MINIMUM_ADDRESS && task.credentials().euid() != 0) {
                return -EPERM;
            }
            return (flags & MAP_FIXED_NOREPLACE) != 0 && overlaps(hint, size) ? -EEXIST : hint;
        }
        long wanted = hint & -PAGE;
        if (wanted >= MINIMUM_ADDRESS && wanted <= AddressSpace.MAX - size && !overlaps(wanted, size)) {
            return wanted;
        }
        if ((flags & MAP_32BIT) != 0) {
            long low = space.findFree(size, 0x4000_0000, 0x8000_0000L);
            return low < 0 ? -ENOMEM : low;
        }
        long found = space.findFree(size, MINIMUM_ADDRESS, mm.mmapBase);
        if (found < 0) {
            found = space.findFree(size, MINIMUM_ADDRESS, AddressSpace.MAX);
        }
        return found < 0 ? -ENOMEM : found;
    }

    private boolean overlaps(long start, long size) {
        int index = indexAbove(start);
        return index < space.mappings().size() && space.mappings().get(index).start() < start + size;
    }

    private static int checkFile(FileDescription file, int protection, int flags, boolean shared) {
        if ((flags & MAP_TYPE) == MAP_SHARED_VALIDATE && (flags & ~(LEGACY | MAP_FIXED_NOREPLACE)) != 0) {
            return -EOPNOTSUPP;
        }
        if (!file.readable() || shared && (protection & Mapping.WRITE) != 0 && !file.writable()) {
            return -EACCES;
        }
        if ((protection & Mapping.EXECUTE) != 0 && file.location() != null && (file.location().mount().flags() & Mount.NO_EXEC) != 0) {
            return -EPERM;
        }
        return (flags & MAP_GROWSDOWN) != 0 || (flags & MAP_HUGETLB) != 0 ? -EINVAL : 0;
    }

    /** RLIMIT_AS, RLIMIT_DATA, and the obvious overcommit of __vm_enough_memory. */
    private int checkLimits(long size, int protection, int flags, boolean shared) {
        ResourceLimits limits = task.group().limits();
        if ((flags & (MAP_HUGETLB | MAP_ANONYMOUS)) == (MAP_HUGETLB | MAP_ANONYMOUS)
                || exceeds(space.mappedBytes() + size, limits.soft(ResourceLimits.AS))) {
            return -ENOMEM;
        }
        boolean counts = (protection & Mapping.WRITE) != 0 && !shared || shared && (flags & MAP_ANONYMOUS) != 0;
        boolean tooMuch = counts && ((flags & MAP_NORESERVE) == 0 && size > task.group().run().limits().memory()
                || !shared && exceeds(size, limits.soft(ResourceLimits.DATA)));
        return tooMuch ? -ENOMEM : 0;
    }

    private static boolean exceeds(long value, long limit) {
        return limit != ResourceLimits.INFINITY && Long.compareUnsigned(value, limit) > 0;
    }

    /** Touches every page; what can't be had is left out. */
    void populate(long start, long size, int protection) {
        for (long at = start; at < start + size; at += PAGE) {
            boolean there = (protection & Mapping.WRITE) != 0 ? space.writable(at) != null : space.readable(at) != null;
            if (!there || task.interrupted()) {
                return;
            }
        }
    }

    long unmap(long start, long length) {
        long size = pageUp(length);
        if ((start & PAGE - 1) != 0 || start < 0 || length <= 0 || size <= 0 || start > AddressSpace.MAX - size) {
            return -EINVAL;
        }
        space.unmap(start, size);
        return 0;
    }

    long protect(long start, long length, int protection) {
        if ((start & PAGE - 1) != 0 || (protection & ~(PROTECTIONS | 0x0300_0008)) != 0) {
            return -EINVAL;
        }
        if (length == 0) {
            return 0;
        }
        long size = pageUp(length);
        if (size <= 0 || start < 0 || start > AddressSpace.MAX - size) {
            return -ENOMEM;
        }
        if ((protection & Mapping.WRITE) != 0) {
            for (Mapping mapping : within(start, size)) {
                if (mapping.owner() instanceof MappedFile file && !file.mayWrite()) {
                    return -EACCES;
                }
            }
        }
        return space.protect(start, size, protection & PROTECTIONS) ? 0 : -ENOMEM;
    }

    /** The mappings that touch a range. */
    List<Mapping> within(long start, long size) {
        List<Mapping> all = space.mappings();
        int from = indexAbove(start);
        int to = from;
        while (to < all.size() && all.get(to).start() < start + size) {
            to++;
        }
        return all.subList(from, to);
    }

    /** The first mapping that ends above an address. */
    private int indexAbove(long address) {
        List<Mapping> all = space.mappings();
        int low = 0;
        int high = all.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (all.get(middle).end() > address) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    long brk(long wanted) {
        long data = task.group().limits().soft(ResourceLimits.DATA);
        if (wanted < mm.startBrk || wanted < 0 || wanted > AddressSpace.MAX - PAGE || exceeds(wanted - mm.startBrk + mm.endData - mm.startData, data)) {
            return mm.brk;
        }
        long oldEnd = pageUp(mm.brk);
        long newEnd = pageUp(wanted);
        if (newEnd < oldEnd) {
            space.unmap(newEnd, oldEnd - newEnd);
        } else if (newEnd > oldEnd) {
            // a page stays free behind the heap, as check_brk_limits and vma_find demand
            if (overlaps(oldEnd, newEnd - oldEnd + PAGE) || checkLimits(newEnd - oldEnd, Mapping.WRITE, 0, false) != 0) {
                return mm.brk;
            }
            space.map(oldEnd, newEnd - oldEnd, Mapping.READ | Mapping.WRITE, null, 0, false, null);
        }
        mm.brk = wanted;
        return wanted;
    }

    long remap(long old, long oldLength, long newLength, int flags, long target) {
        if ((flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP)) != 0 || (old & PAGE - 1) != 0
                || (flags & MREMAP_FIXED) != 0 && (flags & MREMAP_MAYMOVE) == 0
                || (flags & MREMAP_DONTUNMAP) != 0 && ((flags & MREMAP_MAYMOVE) == 0 || oldLength != newLength)) {
            return -EINVAL;
        }
        long oldSize = pageUp(oldLength);
        long newSize = pageUp(newLength);
        if (newSize <= 0 || oldSize < 0) {
            return -EINVAL;
        }
        Mapping mapping = old < 0 || old >= AddressSpace.MAX ? null : space.mappingAt(old);
        if (mapping == null) {
            return -EFAULT;
        }
        if (oldSize > 0 && mapping.end() < old + oldSize) {
            return -EFAULT;
        }
        if (newSize > oldSize && checkLimits(newSize - oldSize, mapping.protection(), 0, mapping.shared()) != 0 || newSize > AddressSpace.MAX) {
            return -ENOMEM;
        }
        if ((flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) != 0) {
            return moveTo(mapping, old, oldSize, newSize, flags, target);
        }
        if (oldSize == 0) {
            return mapping.shared() && (flags & MREMAP_MAYMOVE) != 0 ? duplicate(mapping, old, newSize) : -EINVAL;
        }
        if (newSize <= oldSize) {
            if (newSize < oldSize) {
                space.unmap(old + newSize, oldSize - newSize);
            }
            return old;
        }
        if (mapping.end() == old + oldSize && old <= AddressSpace.MAX - newSize && space.extend(old + oldSize, newSize - oldSize)) {
            return old;
        }
        if ((flags & MREMAP_MAYMOVE) == 0) {
            return -ENOMEM;
        }
        long found = space.findFree(newSize, MINIMUM_ADDRESS, mm.mmapBase);
        return found < 0 ? -ENOMEM : move(old, oldSize, found, newSize, false);
    }

    private long moveTo(Mapping mapping, long old, long oldSize, long newSize, int flags, long target) {
        long to = target;
        if ((flags & MREMAP_FIXED) != 0) {
            if ((to & PAGE - 1) != 0 || to < 0 || to > AddressSpace.MAX - newSize || to < old + oldSize && old < to + newSize) {
                return -EINVAL;
            }
        } else {
            to = space.findFree(newSize, MINIMUM_ADDRESS, mm.mmapBase);
            if (to < 0) {
                return -ENOMEM;
            }
        }
        boolean keep = (flags & MREMAP_DONTUNMAP) != 0;
        if (oldSize == 0) {
            return -EINVAL;
        }
        return move(old, oldSize, to, newSize, keep);
    }

    private long move(long old, long oldSize, long to, long newSize, boolean keep) {
        return space.move(old, oldSize, to, newSize, keep) ? to : -EFAULT;
    }

    /** An old size of 0 asks for a second mapping of shared memory. */
    private long duplicate(Mapping mapping, long old, long newSize) {
        long found = space.findFree(newSize, MINIMUM_ADDRESS, mm.mmapBase);
        if (found < 0) {
            return -ENOMEM;
        }
        space.map(found, newSize, mapping.protection(), mapping.backing(), mapping.offset() + old - mapping.start(), true, mapping.owner());
        return found;
    }

    static long pageUp(long length) {
        return length + PAGE - 1 & -PAGE;
    }

    /** Checks a page-aligned range of some call. @return its size, or a negated error number */
    static long range(long start, long length) {
        long size = pageUp(length);
        if ((start & PAGE - 1) != 0) {
            return -EINVAL;
        }
        if (length < 0 || size < 0 || start < 0 || start > AddressSpace.MAX - size) {
            return -ENOMEM;
        }
        return size;
    }

    /** @throws SystemCallException ENOMEM if there is a hole in the range */
    void requireMapped(long start, long size) {
        if (size > 0 && !space.isMapped(start, size)) {
            throw SystemCallException.of(ENOMEM);
        }
    }
}

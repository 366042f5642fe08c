package io.scwatcher.os.mm;

import io.scwatcher.cpu.memory.AddressSpace;
import io.scwatcher.cpu.memory.Backing;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.Location;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/**
 * An address space with what the kernel notes about it: struct mm_struct. Shared by CLONE_VM; the last user's {@link #release} frees the memory.
 */
public final class MemoryDescriptor {
    /** How many mapped files are held before somebody looks which are still mapped. */
    private static final int PRUNE = 64;

    private final AddressSpace space;
    private final UserMemory user;
    private final Map<Backing, FileDescription> files = new IdentityHashMap<>();
    private int users = 1;
    private long peakPages;
    private int pruneAt = PRUNE;

    /** Where mmap(2) looks for room, downwards. */
    public long mmapBase;

    /** The heap: from the first address behind the program's bss to the current break. */
    public long startBrk;
    public long brk;

    /** What /proc/PID/stat and cmdline show. */
    public long startCode, endCode, startData, endData, startStack, argStart, argEnd, envStart, envEnd;


    /** The program file, or null; set by {@link #setExecutable}. */
    public Location executable;

    /** The auxiliary vector as the program got it. */
    public byte[] auxiliaryVector = new byte[0];

    /** prctl(PR_SET_DUMPABLE). */
    public int dumpable = 1;

    public MemoryDescriptor(AddressSpace space) {
        this.space = space;
        this.user = new UserMemory(space);
    }

    /** Places the area of mmap(2) below the largest stack that RLIMIT_STACK allows: mmap_base of arch/x86/mm/mmap.c, without randomness. */
    public void setStackLimit(long limit) {
        long most = AddressSpace.MAX / 6 * 5;
        long gap = limit < 0 || limit > most ? most : Math.max(limit, 128 << 20);
        mmapBase = AddressSpace.MAX - (gap + 4095 & -4096);
    }

    /** How many pages were resident at most, as far as anybody looked. */
    public long peakPages() {
        peakPages = Math.max(peakPages, space.residentPages());
        return peakPages;
    }

    /** Notes the program file: nobody can write to it until {@link #release}. Somebody must deny writing already. */
    public void setExecutable(Location program) {
        program.inode().denyWriting();
        executable = program;
    }

    public AddressSpace space() {
        return space;
    }

    public UserMemory user() {
        return user;
    }

    /** What fork(2) does without CLONE_VM. With the turn. */
    public MemoryDescriptor fork() {
        MemoryDescriptor copy = new MemoryDescriptor(space.fork());
        copy.mmapBase = mmapBase;
        copy.startBrk = startBrk;
        copy.brk = brk;
        copy.startCode = startCode;
        copy.endCode = endCode;
        copy.startData = startData;
        copy.endData = endData;
        copy.startStack = startStack;
        copy.argStart = argStart;
        copy.argEnd = argEnd;
        copy.envStart = envStart;
        copy.envEnd = envEnd;
        if (executable != null) {
            copy.setExecutable(executable);
        }
        copy.auxiliaryVector = auxiliaryVector;
        copy.dumpable = dumpable;
        files.forEach(copy::hold);
        return copy;
    }

    /** A file is mapped: it stays open until nothing of it is mapped any more, or a while longer. With the turn. */
    public void hold(Backing backing, FileDescription file) {
        if (files.containsKey(backing)) {
            return;
        }
        if (files.size() >= pruneAt) {
            prune();
        }
        files.put(backing, file.acquire());
    }

    /** Lets go of files that are no longer mapped. */
    private void prune() {
        Set<Backing> mapped = Collections.newSetFromMap(new IdentityHashMap<>());
        space.mappings().forEach(mapping -> mapped.add(mapping.backing()));
        files.entrySet().removeIf(entry -> {
            boolean gone = !mapped.contains(entry.getKey());
            if (gone) {
                entry.getValue().release();
            }
            return gone;
        });
        pruneAt = Math.max(PRUNE, 2 * files.size());
    }

    /** One more task uses it. */
    public synchronized MemoryDescriptor share() {
        users++;
        return this;
    }

    public synchronized int users() {
        return users;
    }

    /** One task less uses it; the last one frees it. With the turn. */
    public synchronized void release() {
        if (--users == 0) {
            space.release();
            files.values().forEach(FileDescription::release);
            files.clear();
            if (executable != null) {
                executable.inode().allowWriting();
            }
        }
    }
}

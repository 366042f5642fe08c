package io.scwatcher.os.task;

import io.scwatcher.os.mm.UserMemory;
import io.scwatcher.os.time.TimeSpec;

/** struct rusage. */
final class ResourceUsage {
    private static final int SIZE = 144;

    private ResourceUsage() {}

    /** @param user nanoseconds  @param pages resident at most */
    static void write(UserMemory memory, long address, long user, long system, long pages) {
        memory.zero(address, SIZE);
        TimeSpec.writeTimeval(memory, address, user);
        TimeSpec.writeTimeval(memory, address + 16, system);
        memory.put64(address + 32, pages * 4);
    }
}

package io.scwatcher.host.runtime;

import java.util.List;

/**
 * How the JVM is started inside an enclave, where every byte that it reserves may be memory of the enclave from the start: small reservations, few
 * threads of its own, and nothing that writes what it knows to a disk.
 *
 * @param heapMib of the Java heap, in MiB, 64 to 65,536
 * @param threads that may run at the same time, the JVM's own included, 32 to 4,096
 */
public record EnclaveJvm(int heapMib, int threads) {
    private static final int CODE_CACHE_MIB = 96;
    private static final int CLASS_SPACE_MIB = 48;
    private static final int METASPACE_MIB = 160;
    private static final int STACK_KIB = 1024;
    /** The runtime's libraries, its archive of classes, buffers outside of the heap, and the compilers' memory. */
    private static final int OTHER_MIB = 384;

    public EnclaveJvm {
        if (heapMib < 64 || heapMib > 65_536 || threads < 32 || threads > 4096) {
            throw new IllegalArgumentException("a heap of 64 to 65536 MiB and 32 to 4096 threads, not " + heapMib + " and " + threads);
        }
    }

    /** Options of java(1), without the module path and the main class. */
    public List<String> options() {
        return List.of("-Xmx" + heapMib + "m", "-Xss" + STACK_KIB + "k", "-XX:+UseSerialGC", "-XX:-ClipInlining",
                "-XX:ReservedCodeCacheSize=" + CODE_CACHE_MIB + "m", "-XX:CompressedClassSpaceSize=" + CLASS_SPACE_MIB + "m",
                "-XX:MaxMetaspaceSize=" + METASPACE_MIB + "m", "-XX:-UsePerfData", "-XX:+DisableAttachMechanism", "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=/tmp/hs_err.log", "-Djava.io.tmpdir=/tmp");
    }

    /** One arena of malloc(3) instead of one for each thread: each reserves 64 MiB. */
    public List<String> environment() {
        return List.of("MALLOC_ARENA_MAX=1");
    }

    /** What the process may need, in MiB. */
    public int totalMib() {
        return heapMib + CODE_CACHE_MIB + METASPACE_MIB + threads * STACK_KIB / 1024 + OTHER_MIB;
    }
}

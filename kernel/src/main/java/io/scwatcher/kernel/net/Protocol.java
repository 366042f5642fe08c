package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.mm.PerCpuCounter;
import io.scwatcher.kernel.type.CType;
import io.scwatcher.kernel.type.StructType;
import java.util.ArrayList;
import java.util.List;

/**
 * A transport protocol: {@code struct proto} (include/net/sock.h).
 *
 * @param proto the {@code struct proto}
 */
public record Protocol(KObject proto) {
    private static final int NAME_SIZE = 32;
    private static final int MAX_PROTOCOLS = 4096;

    /** All registered protocols, the youngest first ({@code proto_list}). */
    public static List<Protocol> all(Kernel kernel) {
        List<Protocol> protocols = new ArrayList<>();
        var registered = Lists.list(kernel.at(kernel.address("proto_list"), "list_head"), "proto", "node");
        for (KObject proto : Limited.list(registered, MAX_PROTOCOLS, "transport protocols")) {
            protocols.add(new Protocol(proto));
        }
        return protocols;
    }

    /** The protocol of that name, such as {@code UDPv6}, or null. */
    public static Protocol named(Kernel kernel, String name) {
        for (Protocol protocol : all(kernel)) {
            if (protocol.name().equals(name)) {
                return protocol;
            }
        }
        return null;
    }

    public String name() {
        return proto.string("name", NAME_SIZE);
    }

    /** {@code sock_prot_inuse_get}: a namespace's sockets of this protocol. */
    public int socketsIn(NetNamespace net) {
        Kernel kernel = proto.kernel();
        long index = proto.get("inuse_idx");
        long counters = net.net().get("core.prot_inuse");
        int sum = 0;
        for (int cpu : kernel.possibleCpus()) {
            sum += kernel.at(kernel.perCpu(counters, cpu), "prot_inuse").at("val").index(index).value();
        }
        return Math.max(sum, 0);
    }

    /** {@code proto_memory_allocated} in pages, or -1 where it is not counted. Not below zero since 6.0. */
    public long memory() {
        long counter = proto.get("memory_allocated");
        if (counter == 0) {
            return -1;
        }
        long pages = proto.memory().u64(counter);
        return proto.has("per_cpu_fw_alloc") ? Math.max(0, pages) : pages;
    }

    /** {@code sock_prot_memory_pressure}: {@code yes}, {@code no}, or {@code NI} where there is no such state. */
    public String pressure() {
        KObject pressure = proto.ptr("memory_pressure");
        if (pressure.isNull()) {
            return "NI";
        }
        return pressure.value() != 0 ? "yes" : "no";
    }

    /** All sockets of this protocol in the whole system, where they are counted. */
    public long socketsAllocated() {
        KObject counter = proto.ptr("sockets_allocated");
        return counter.isNull() ? 0 : Math.max(0, PerCpuCounter.sum(counter));
    }

    /**
     * TCP sockets of the whole system that no process holds any more ({@code tcp_orphan_count_sum}). A
     * {@code percpu_counter} until 5.15, then plain per-CPU numbers; in the protocol's structure until 6.15.
     */
    public static long orphans(Kernel kernel) {
        long counter = kernel.address("tcp_orphan_count");
        StructType type = kernel.types().struct("proto");
        CType.Pointer member = type.has("orphan_count") ? (CType.Pointer) type.field("orphan_count").type() : null;
        if (member != null && member.target() instanceof StructType) {
            return Math.max(0, PerCpuCounter.sum(kernel.at(counter, "percpu_counter")));
        }
        int sum = 0;
        for (int cpu : kernel.possibleCpus()) {
            sum += (int) kernel.memory().u32(kernel.perCpu(counter, cpu));
        }
        return Math.max(sum, 0);
    }

    /** The module that registered it, or {@code kernel}. */
    public String owner() {
        KObject owner = proto.ptr("owner");
        return owner.isNull() ? "kernel" : owner.string("name", 64);
    }

    /** Whether it has a method of that name; false also where this kernel knows no such method. */
    public boolean implementsMethod(String method) {
        return proto.getOr(method, 0) != 0;
    }
}

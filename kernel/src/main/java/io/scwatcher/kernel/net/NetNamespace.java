package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.type.CType;
import java.util.List;

/**
 * A network namespace: {@code struct net}. What hangs on it (devices, sockets, routes, counters) has classes of its own.
 *
 * @param net the {@code struct net}
 */
public record NetNamespace(KObject net) {
    private static final int MAX_NAMESPACES = 1 << 18;

    /** The namespace that the kernel booted with. */
    public static NetNamespace initial(Kernel kernel) {
        return new NetNamespace(kernel.object("init_net", "net"));
    }

    /** All namespaces, the initial one first ({@code net_namespace_list}). */
    public static List<NetNamespace> all(Kernel kernel) {
        KObject head = kernel.at(kernel.address("net_namespace_list"), "list_head");
        List<KObject> nets = Limited.list(Lists.list(head, "net", "list"), MAX_NAMESPACES, "network namespaces");
        return nets.stream().map(NetNamespace::new).toList();
    }

    public Kernel kernel() {
        return net.kernel();
    }

    public long address() {
        return net.address();
    }

    /** Whether this is the namespace that the kernel booted with. */
    public boolean isInitial() {
        return address() == kernel().address("init_net");
    }

    /** The inode number by which /proc/PID/ns/net names it. */
    public long inode() {
        return net.get("ns.inum");
    }

    /**
     * A member that is embedded in {@code struct net} in some kernels and behind a pointer in others.
     *
     * @return the structure itself; {@link KObject#isNull()} where the pointer is null
     */
    public KObject follow(String path) {
        KObject member = net.at(path);
        return member.type() instanceof CType.Pointer ? member.deref() : member;
    }

    /**
     * What a module keeps for this namespace: {@code net_generic(net, id)}.
     *
     * @param module the module's name
     * @param idSymbol the variable that holds its id
     * @param structure what lies there
     * @return null where the module is not loaded or its variable is unknown
     */
    public KObject generic(String module, String idSymbol, String structure) {
        return DataSymbol.find(kernel(), module, idSymbol)
                .map(id -> generic((int) kernel().memory().u32(id.start()), structure)).orElse(null);
    }

    /** As {@link #generic(String, String, String)} with the id itself. */
    public KObject generic(int id, String structure) {
        KObject generic = net.ptr("gen");
        if (generic.isNull() || id < 0 || id >= generic.getInt("s.len")) {
            return null;
        }
        long pointer = kernel().memory().u64(generic.at("ptr").address() + 8L * id);
        return pointer == 0 ? null : DeclaredLayout.at(kernel(), pointer, structure);
    }
}

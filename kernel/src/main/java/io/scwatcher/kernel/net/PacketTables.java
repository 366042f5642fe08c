package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.type.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tables, matches and targets of iptables and its like (net/netfilter/x_tables.c), a module on most kernels. */
public final class PacketTables {
    private static final String MODULE = "x_tables";
    private static final int ANY_FAMILY = 0;
    private static final int NAME_SIZE = 32;
    private static final int MAX_NAMES = 1 << 14;

    private PacketTables() {}

    /**
     * The names of a namespace's tables. Their lists lay in {@code struct net} until 5.14, then with the module.
     *
     * @param family {@code NFPROTO_IPV4} and so on
     */
    public static List<String> tables(NetNamespace net, int family) {
        KObject own = net.net().has("xt.tables") ? null : net.generic(MODULE, "xt_pernet_id", "xt_pernet");
        List<String> names = new ArrayList<>();
        if (net.net().has("xt.tables")) {
            collect(net.net().at("xt.tables").index(family), "xt_table", names);
        } else if (own != null) {
            collect(own.at("tables").index(family), "xt_table", names);
        }
        return names;
    }

    /** The names of the matches for all families, then of those for one. */
    public static List<String> matches(Kernel kernel, int family) {
        return extensions(kernel, family, "match", "xt_match");
    }

    /** The names of the targets for all families, then of those for one. */
    public static List<String> targets(Kernel kernel, int family) {
        return extensions(kernel, family, "target", "xt_target");
    }

    private static List<String> extensions(Kernel kernel, int family, String member, String structure) {
        List<String> names = new ArrayList<>();
        Optional<DataSymbol> families = DataSymbol.find(kernel, MODULE, "xt");
        if (families.isPresent()) {
            KObject array = DeclaredLayout.at(kernel, kernel.memory().u64(families.get().start()), "xt_af");
            collect(array.index(ANY_FAMILY).at(member), structure, names);
            collect(array.index(family).at(member), structure, names);
        }
        return names;
    }

    private static void collect(KObject head, String structure, List<String> names) {
        Kernel kernel = head.kernel();
        StructType type = DeclaredLayout.of(kernel, structure);
        int fromLinkToName = type.offsetOf("name") - type.offsetOf("list");
        for (KObject link : Limited.list(Lists.list(head, "list_head", "next"), MAX_NAMES, "iptables extensions")) {
            String name = kernel.memory().string(link.address() + fromLinkToName, NAME_SIZE);
            if (!name.isEmpty()) {
                names.add(name);
            }
        }
    }
}

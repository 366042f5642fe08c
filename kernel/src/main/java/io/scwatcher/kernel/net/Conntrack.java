package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Connection tracking (net/netfilter/nf_conntrack_core.c): a module on most kernels. */
public final class Conntrack {
    private static final String MODULE = "nf_conntrack";

    private final NetNamespace net;
    private final Kernel kernel;

    public Conntrack(NetNamespace net) {
        this.net = net;
        this.kernel = net.kernel();
    }

    /** The namespace's connections in the order of the hash. */
    public List<Connection> connections() {
        List<Connection> connections = new ArrayList<>();
        Optional<HashBuckets> buckets = table("nf_conntrack_hash", "nf_conntrack_htable_size");
        buckets.ifPresent(table -> table.forEachNulls("nf_conntrack_tuple_hash", "hnnode", (bucket, entry) -> {
            if (entry.get("tuple.dst.dir") == 0) {
                Connection connection = new Connection(entry.containerOf("nf_conn", "tuplehash"));
                if (connection.object().get("ct_net.net") == net.address()) {
                    connections.add(connection);
                }
            }
        }));
        return connections;
    }

    /** Connections that are expected ({@code struct nf_conntrack_expect}), in the order of their hash. */
    public List<KObject> expectations() {
        List<KObject> expectations = new ArrayList<>();
        Optional<HashBuckets> buckets = table("nf_ct_expect_hash", "nf_ct_expect_hsize");
        buckets.ifPresent(table -> table.forEach("nf_conntrack_expect", "hnode", (bucket, each) -> {
            if (each.ptr("master").get("ct_net.net") == net.address()) {
                expectations.add(each);
            }
        }));
        return expectations;
    }

    /** Connections of the namespace; in {@code struct net} until 5.12. */
    public long count() {
        if (net.net().has("ct.count")) {
            return net.net().getInt("ct.count.counter");
        }
        KObject own = net.generic(MODULE, "nf_conntrack_net_id", "nf_conntrack_net");
        return own == null ? 0 : own.getInt("count.counter");
    }

    /** A CPU's counters: {@code struct ip_conntrack_stat}. */
    public KObject statistics(int cpu) {
        return kernel.at(kernel.perCpu(net.net().get("ct.stat"), cpu), "ip_conntrack_stat");
    }

    private Optional<HashBuckets> table(String hash, String size) {
        Optional<DataSymbol> heads = DataSymbol.find(kernel, MODULE, hash);
        Optional<DataSymbol> count = DataSymbol.find(kernel, MODULE, size);
        if (heads.isEmpty() || count.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(HashBuckets.ofHeads(kernel, kernel.memory().u64(heads.get().start()),
                kernel.memory().u32(count.get().start())));
    }

    /**
     * A connection: {@code struct nf_conn}.
     *
     * @param object the structure
     */
    public record Connection(KObject object) {
        /** One direction's addresses and ports: {@code struct nf_conntrack_tuple}. @param direction 0 original, 1 reply */
        public KObject tuple(int direction) {
            return object.at("tuplehash").index(direction).at("tuple");
        }

        /** Jiffies until it is forgotten, as 32-bit arithmetic; negative when it should be gone. */
        public int ticksLeft(long now) {
            return object.getInt("timeout") - (int) now;
        }

        /** Whether a bit of {@code status} is set. @param constant such as {@code IPS_ASSURED_BIT} */
        public boolean is(String constant, int otherwise) {
            long bit = object.kernel().types().enumerator(constant).orElse(otherwise);
            return (object.get("status") >>> bit & 1) != 0;
        }

        /**
         * Packets and bytes of one direction.
         *
         * @return null where they are not counted
         */
        public long[] traffic(int direction) {
            long place = extension("NF_CT_EXT_ACCT");
            if (place == 0) {
                return null;
            }
            long counter = place + 2L * Long.BYTES * direction;
            return new long[] {object.memory().u64(counter), object.memory().u64(counter + Long.BYTES)};
        }

        /** When it was first seen, in nanoseconds since 1970; 0 where that is not kept. */
        public long firstSeen() {
            long place = extension("NF_CT_EXT_TSTAMP");
            return place == 0 ? 0 : object.memory().u64(place);
        }

        private long extension(String constant) {
            KObject extensions = object.ptr("ext");
            long number = object.kernel().types().enumerator(constant).orElse(-1);
            if (extensions.isNull() || number < 0) {
                return 0;
            }
            long offset = extensions.at("offset").index(number).value();
            return offset == 0 ? 0 : extensions.address() + offset;
        }
    }
}

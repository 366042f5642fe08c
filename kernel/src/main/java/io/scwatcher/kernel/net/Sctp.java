package io.scwatcher.kernel.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.type.NoSuchFieldInKernel;
import java.util.ArrayList;
import java.util.List;

/** SCTP's endpoints and associations (net/sctp/proc.c), in a module on most kernels. */
public final class Sctp {
    private static final int ASSOCIATION = 1;
    private static final int MAX_ADDRESSES = 4096;

    private final NetNamespace net;
    private final Kernel kernel;
    private final KObject globals;

    /** @throws NoSuchFieldInKernel where the module or its types are unknown */
    public Sctp(NetNamespace net) {
        this.net = net;
        this.kernel = net.kernel();
        DataSymbol symbol = DataSymbol.find(kernel, "sctp", "sctp_globals")
                .orElseThrow(() -> new NoSuchFieldInKernel("kallsyms", "sctp_globals"));
        this.globals = kernel.at(symbol.start(), "sctp_globals");
    }

    /**
     * A socket's side of SCTP: {@code struct sctp_endpoint}.
     *
     * @param bucket of the hash of endpoints
     */
    public record Endpoint(int bucket, KObject endpoint) {}

    /** The namespace's endpoints in the order of their hash. */
    public List<Endpoint> endpoints() {
        List<Endpoint> endpoints = new ArrayList<>();
        HashBuckets.of(kernel, globals.get("ep_hashtable"), globals.get("ep_hashsize"), "sctp_hashbucket", "chain")
                .forEach("sctp_endpoint", "node", (bucket, endpoint) -> {
                    if (new Sock(endpoint.ptr("base.sk").as("sock")).net() == net.address()) {
                        endpoints.add(new Endpoint(bucket, endpoint));
                    }
                });
        return endpoints;
    }

    /** The namespace's associations ({@code struct sctp_association}) in the order of their primary paths' hash. */
    public List<KObject> associations() {
        List<KObject> associations = new ArrayList<>();
        for (long address : Rhashtable.objects(globals.at("transport_hashtable.ht"))) {
            KObject association = kernel.at(address, "sctp_transport").ptr("asoc");
            if (association.get("base.net") == net.address() && association.get("peer.primary_path") == address) {
                associations.add(association);
            }
        }
        return associations;
    }

    /** The paths to an association's peer, each a {@code struct sctp_transport}. */
    public static List<KObject> transports(KObject association) {
        var paths = Lists.list(association.at("peer.transport_addr_list"), "sctp_transport", "transports");
        return Limited.list(paths, MAX_ADDRESSES, "SCTP transports of an association");
    }

    /** The local addresses of an {@code sctp_ep_common}, each a {@code union sctp_addr}. */
    public static List<KObject> localAddresses(KObject common) {
        var bound = Lists.list(common.at("bind_addr.address_list"), "sctp_sockaddr_entry", "list");
        List<KObject> addresses = new ArrayList<>();
        for (KObject entry : Limited.list(bound, MAX_ADDRESSES, "SCTP addresses of an endpoint")) {
            if (entry.get("valid") != 0) {
                addresses.add(entry.at("a"));
            }
        }
        return addresses;
    }

    /** The address that an association sends from first, a {@code union sctp_addr}; null for an endpoint. */
    public static KObject primaryLocal(KObject common) {
        if (common.get("type") != ASSOCIATION) {
            return null;
        }
        KObject path = common.containerOf("sctp_association", "base").ptr("peer.primary_path");
        return path.isNull() ? null : path.at("saddr");
    }
}

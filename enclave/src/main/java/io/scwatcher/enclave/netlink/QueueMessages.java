package io.scwatcher.enclave.netlink;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.net.NetDevice;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.os.net.netlink.NetlinkReply;
import io.scwatcher.os.net.netlink.NetlinkRequest;

/**
 * RTM_NEWQDISC: queueing disciplines of devices (net/sched/sch_api.c, tc_dump_qdisc, tc_fill_qdisc). Parameters of pfifo_fast and fq_codel are told, of
 * others the kind alone; statistics are not told.
 */
final class QueueMessages {
    private static final int RTM_NEWQDISC = 36;
    private static final int TCMSG = 20;
    private static final int TCA_KIND = 1, TCA_OPTIONS = 2, TCA_DUMP_INVISIBLE = 10, TCA_HW_OFFLOAD = 12;
    private static final int TCQ_F_BUILTIN = 1, TCQ_F_INVISIBLE = 0x80, TCQ_F_OFFLOADED = 0x200;
    private static final int HASH_BUCKETS = 16;
    private static final int CODEL_SHIFT = 10, CODEL_DISABLED = Integer.MAX_VALUE;
    private static final int PFIFO_BANDS = 3;
    /** {@code prio2band} (net/sched/sch_generic.c). */
    private static final byte[] BAND_OF_PRIORITY = {1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1};

    private final NetNamespace net;
    private final boolean invisible;
    private final NetlinkReply out;

    QueueMessages(NetNamespace net, NetlinkRequest request, NetlinkReply out) {
        this.net = net;
        this.invisible = request.attributes(TCMSG).containsKey(TCA_DUMP_INVISIBLE);
        this.out = out;
    }

    void answer() {
        for (NetDevice device : NetDevice.all(net)) {
            KObject root = device.device().ptr("qdisc");
            if (!root.isNull()) {
                write(root, device);
                for (int i = 0; i < HASH_BUCKETS && root.get("dev_queue") != 0; i++) {
                    for (KObject each : Lists.hlist(device.device().at("qdisc_hash").index(i), "Qdisc", "hash")) {
                        write(each, device);
                    }
                }
            }
            KObject ingress = device.device().has("ingress_queue") ? device.device().ptr("ingress_queue") : null;
            if (ingress != null && !ingress.isNull() && ingress.get("qdisc_sleeping") != 0) {
                write(ingress.ptr("qdisc_sleeping"), device);
            }
        }
    }

    private void write(KObject discipline, NetDevice device) {
        long flags = discipline.get("flags");
        if ((flags & TCQ_F_BUILTIN) != 0 || (flags & TCQ_F_INVISIBLE) != 0 && !invisible) {
            return;
        }
        String kind = discipline.ptr("ops").string("id", NetDevice.NAME_SIZE);
        out.begin(RTM_NEWQDISC).u32(0).u32(device.index()).u32(discipline.get("handle")).u32(discipline.get("parent"))
                .u32(discipline.get("refcnt.refs.counter")).attribute(TCA_KIND, kind);
        switch (kind) {
            case "pfifo_fast" -> {
                int place = out.nest(TCA_OPTIONS);
                out.u32(PFIFO_BANDS).bytes(BAND_OF_PRIORITY).end(place);
            }
            case "fq_codel" -> fairQueue(discipline);
            default -> { }
        }
        out.attribute8(TCA_HW_OFFLOAD, (flags & TCQ_F_OFFLOADED) != 0 ? 1 : 0);
    }

    /** {@code fq_codel_dump}; where the module's types are unknown, as on 5.10, the kind has to do. */
    private void fairQueue(KObject discipline) {
        if (!net.kernel().types().hasStruct("fq_codel_sched_data")) {
            return;
        }
        KObject data = discipline.at("privdata").as("fq_codel_sched_data");
        int place = out.nest(TCA_OPTIONS);
        out.attribute32(1, micros(data.get("cparams.target"))).attribute32(2, discipline.get("limit")).attribute32(3, micros(data.get("cparams.interval")))
                .attribute32(4, data.get("cparams.ecn")).attribute32(6, data.get("quantum")).attribute32(8, data.get("drop_batch_size"))
                .attribute32(9, data.get("memory_limit")).attribute32(5, data.get("flows_cnt"));
        if (data.getInt("cparams.ce_threshold") != CODEL_DISABLED) {
            out.attribute32(7, micros(data.get("cparams.ce_threshold")));
            if (data.has("cparams.ce_threshold_selector")) {
                out.attribute8(10, data.get("cparams.ce_threshold_selector")).attribute8(11, data.get("cparams.ce_threshold_mask"));
            }
        }
        out.end(place);
    }

    /** {@code codel_time_to_us}. */
    private static long micros(long time) {
        return ((time & 0xffff_ffffL) << CODEL_SHIFT) / 1000;
    }
}

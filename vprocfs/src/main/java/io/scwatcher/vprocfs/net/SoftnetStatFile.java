package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.vprocfs.ProcText;

/** /proc/net/softnet_stat (net/core/net-procfs.c, softnet_seq_show): a line for each CPU that is online. */
final class SoftnetStatFile implements NetFile {
    @Override
    public void print(NetNamespace net, ProcText out) {
        Kernel kernel = net.kernel();
        for (int cpu : kernel.onlineCpus()) {
            long data = kernel.perCpu(kernel.address("softnet_data"), cpu);
            line(kernel.at(data, "softnet_data"), cpu, out);
        }
    }

    private static void line(KObject data, int cpu, ProcText out) {
        long input = data.get("input_pkt_queue.qlen");
        long process = data.get("process_queue.qlen");
        column(out, data.get("processed"));
        column(out, dropped(data));
        column(out, data.get("time_squeeze"));
        for (int unused = 0; unused < 6; unused++) {
            column(out, 0);
        }
        column(out, data.getOr("received_rps", 0));
        column(out, flowLimitCount(data));
        column(out, input + process);
        column(out, cpu);
        if (showsQueues(data)) {
            column(out, input);
            column(out, process);
        }
        out.truncate(out.size() - 1);
        out.put('\n');
    }

    private static void column(ProcText out, long value) {
        out.hex(value & 0xffff_ffffL, 8).put(' ');
    }

    /** A plain number until 6.9, atomic until 6.17, since then two counters that are added up. */
    private static long dropped(KObject data) {
        if (data.has("drop_counters")) {
            return data.get("drop_counters.drops0.counter") + data.get("drop_counters.drops1.counter");
        }
        return data.get("dropped");
    }

    private static long flowLimitCount(KObject data) {
        if (!data.has("flow_limit")) {
            return 0;
        }
        KObject limit = data.ptr("flow_limit");
        return limit.isNull() ? 0 : limit.get("count");
    }

    /** The queues have had columns of their own since 6.5, which came with this member. */
    private static boolean showsQueues(KObject data) {
        return data.has("in_napi_threaded_poll");
    }
}

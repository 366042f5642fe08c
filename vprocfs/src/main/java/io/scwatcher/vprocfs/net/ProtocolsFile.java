package io.scwatcher.vprocfs.net;

import io.scwatcher.kernel.net.NetNamespace;
import io.scwatcher.kernel.net.Protocol;
import io.scwatcher.kernel.type.StructType;
import io.scwatcher.vprocfs.ProcText;
import java.util.LinkedHashMap;
import java.util.Map;

/** /proc/net/protocols (net/core/sock.c, proto_seq_printf). */
final class ProtocolsFile implements NetFile {
    private static final String SENDPAGE = "sendpage";
    private static final Map<String, String> METHODS = methods();

    @Override
    public void print(NetNamespace net, ProcText out) {
        StructType type = net.kernel().types().struct("proto");
        out.put("protocol  size sockets  memory press maxhdr  slab module     ");
        int start = out.size();
        METHODS.forEach((method, heading) -> {
            if (isShown(method, type)) {
                out.put(out.size() == start ? "" : " ").put(heading);
            }
        });
        out.put('\n');
        for (Protocol protocol : Protocol.all(net.kernel())) {
            line(protocol, type, net, out);
        }
    }

    private static void line(Protocol protocol, StructType type, NetNamespace net, ProcText out) {
        out.left(protocol.name(), 9).put(' ').unsigned(protocol.proto().get("obj_size"), 4)
                .put(' ').dec(protocol.socketsIn(net), 6).put("  ").dec(protocol.memory(), 6)
                .put("   ").left(protocol.pressure(), 3)
                .put(' ').unsigned(protocol.proto().get("max_header"), 6)
                .put("   ").left(protocol.proto().get("slab") == 0 ? "no" : "yes", 3)
                .put("  ").left(protocol.owner(), 10).put(' ');
        boolean first = true;
        for (String method : METHODS.keySet()) {
            if (isShown(method, type)) {
                out.put(first ? " " : "  ").put(protocol.implementsMethod(method) ? 'y' : 'n');
                first = false;
            }
        }
        out.put('\n');
    }

    /** {@code sendpage} went with 6.5. */
    private static boolean isShown(String method, StructType type) {
        return !method.equals(SENDPAGE) || type.has(method);
    }

    private static Map<String, String> methods() {
        Map<String, String> methods = new LinkedHashMap<>();
        methods.put("close", "cl");
        methods.put("connect", "co");
        methods.put("disconnect", "di");
        methods.put("accept", "ac");
        methods.put("ioctl", "io");
        methods.put("init", "in");
        methods.put("destroy", "de");
        methods.put("shutdown", "sh");
        methods.put("setsockopt", "ss");
        methods.put("getsockopt", "gs");
        methods.put("sendmsg", "se");
        methods.put("recvmsg", "re");
        methods.put(SENDPAGE, "sp");
        methods.put("bind", "bi");
        methods.put("backlog_rcv", "br");
        methods.put("hash", "ha");
        methods.put("unhash", "uh");
        methods.put("get_port", "gp");
        methods.put("enter_memory_pressure", "em");
        return methods;
    }
}

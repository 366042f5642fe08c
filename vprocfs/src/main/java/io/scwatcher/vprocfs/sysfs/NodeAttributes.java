package io.scwatcher.vprocfs.sysfs;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.CpuMasks;
import io.scwatcher.kernel.system.HugePages;
import io.scwatcher.kernel.system.MemoryNodes;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.kernel.system.VmStatistics.Counter;
import io.scwatcher.kernel.system.ZoneStatistics;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.sysfs.SysfsFiles.DevicePrinter;
import io.scwatcher.vprocfs.sysfs.SysfsFiles.Printer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What is told of memory's nodes and blocks below /sys/devices/system/node and memory (drivers/base/node.c, memory.c). */
final class NodeAttributes {
    private static final List<String> NUMA_EVENTS = List.of("numa_hit", "numa_miss", "numa_foreign", "interleave_hit", "local_node", "other_node");
    /** {@code LOCAL_DISTANCE} (include/linux/topology.h), where the firmware tells of no distances. */
    private static final int LOCAL_DISTANCE = 10;
    private static final int REMOTE_DISTANCE = 20;
    private static final int MEM_ONLINE = 1;
    private static final int MEM_OFFLINE = 4;

    private NodeAttributes() {}

    static void enter(Map<String, DevicePrinter> devices, Map<String, Printer> paths) {
        for (String state : new String[] {"possible:N_POSSIBLE", "online:N_ONLINE", "has_memory:N_MEMORY", "has_normal_memory:N_NORMAL_MEMORY",
            "has_cpu:N_CPU", "has_generic_initiator:N_GENERIC_INITIATOR"}) {
            String[] words = state.split(":");
            paths.put("devices/system/node/" + words[0], (file, out) -> out.put(CpuMasks.list(nodes(file.object().kernel(), words[1]))).put('\n'));
        }
        devices.put("node:cpumap", (node, path, out) -> out.put(CpuMasks.hex(node.kernel(), cpus(node))).put('\n'));
        devices.put("node:cpulist", (node, path, out) -> out.put(CpuMasks.list(cpus(node))).put('\n'));
        devices.put("node:distance", (node, path, out) -> printDistances(node, out));
        devices.put("node:vmstat", (node, path, out) -> counters(node, true).forEach((name, value) -> out.put(name).put(' ').unsigned(value).put('\n')));
        devices.put("node:numastat", (node, path, out) -> {
            Map<String, Long> counters = counters(node, false);
            NUMA_EVENTS.forEach(name -> out.put(name).put(' ').unsigned(counters.getOrDefault(name.replace("_node", "").replace("interleave_hit",
                    "interleave"), 0L)).put('\n'));
        });
        devices.put("node:meminfo", (node, path, out) -> NodeMemory.print(node.getInt("id"), data(node), out));
        for (String member : new String[] {"nr_hugepages", "free_hugepages", "surplus_hugepages"}) {
            devices.put("node:hugepages/*/" + member, (node, path, out) -> out.unsigned(huge(node, path, member)).put('\n'));
        }
        paths.put("devices/system/memory/block_size_bytes", (file, out) -> out.hex(new Variables(file.object().kernel()).u64("memory_block_size_probed"))
                .put('\n'));
        devices.put("memory:state", (block, path, out) -> {
            long state = block.containerOf("memory_block", "dev").get("state");
            Variables variables = new Variables(block.kernel());
            // Macros until 6.18.
            boolean online = state == variables.constant("MEM_ONLINE", MEM_ONLINE);
            out.put(online ? "online\n" : state == variables.constant("MEM_OFFLINE", MEM_OFFLINE) ? "offline\n" : "going-offline\n");
        });
        devices.put("memory:online", (block, path, out) -> out.put(block.get("offline") == 0 ? "1\n" : "0\n"));
        devices.put("memory:removable", (block, path, out) -> out.put(block.kernel().symbols().has("remove_memory") ? "1\n" : "0\n"));
        devices.put("memory:phys_device", (block, path, out) -> out.dec(block.containerOf("memory_block", "dev").getOr("phys_device", 0)).put('\n'));
        devices.put("memory:phys_index", (block, path, out) -> out.hex(block.getInt("id"), 8).put('\n'));
    }

    /** The nodes of which a bit of {@code node_states} holds. */
    private static int[] nodes(Kernel kernel, String state) {
        OptionalLong index = kernel.types().enumerator(state);
        if (index.isEmpty()) {
            return new int[0];
        }
        int bytes = new Variables(kernel).sizeOf("nodemask_t");
        byte[] mask = new byte[bytes];
        kernel.memory().read(kernel.address("node_states") + index.getAsLong() * bytes, mask, 0, bytes);
        return java.util.BitSet.valueOf(mask).stream().toArray();
    }

    private static KObject data(KObject node) {
        int number = node.getInt("id");
        return new MemoryNodes(node.kernel()).online().stream().filter(one -> !one.has("node_id") || one.getInt("node_id") == number).findFirst()
                .orElseThrow(() -> new VfsException(Errno.EIO));
    }

    /** {@code node_to_cpumask_map}, as far as the CPUs are online. */
    private static int[] cpus(KObject node) {
        Kernel kernel = node.kernel();
        KObject masks = new KObject(kernel, kernel.types().type("cpumask_var_t"), kernel.address("node_to_cpumask_map"));
        boolean allocated = masks.type() instanceof io.scwatcher.kernel.type.CType.Pointer;
        int size = allocated ? Long.BYTES : kernel.types().struct("cpumask").size();
        long at = masks.address() + (long) node.getInt("id") * size;
        int[] online = kernel.onlineCpus();
        int[] own = CpuMasks.of(new KObject(kernel, masks.type(), at));
        return java.util.Arrays.stream(own).filter(cpu -> java.util.Arrays.binarySearch(online, cpu) >= 0).toArray();
    }

    private static void printDistances(KObject node, ProcText out) {
        Kernel kernel = node.kernel();
        Variables variables = new Variables(kernel);
        int count = variables.has("numa_distance_cnt") ? variables.s32("numa_distance_cnt") : 0;
        int from = node.getInt("id");
        String blank = "";
        for (int to : nodes(kernel, "N_ONLINE")) {
            boolean known = from >= 0 && from < count && to < count;
            out.put(blank).dec(known ? kernel.memory().u8(variables.u64("numa_distance") + (long) from * count + to)
                    : from == to ? LOCAL_DISTANCE : REMOTE_DISTANCE);
            blank = " ";
        }
        out.put('\n');
    }

    /** Of all zones together, and then the node's own. */
    private static Map<String, Long> counters(KObject node, boolean own) {
        ZoneStatistics statistics = new ZoneStatistics(node.kernel());
        Map<String, Long> sums = new LinkedHashMap<>();
        for (KObject zone : new MemoryNodes(node.kernel()).zones(data(node))) {
            boolean counts = MemoryNodes.isPopulated(zone);
            for (Counter counter : counts ? statistics.ofZone(zone) : List.<Counter>of()) {
                sums.merge(counter.name().replaceFirst("^numa_(interleave|local|other)$", "$1"), counter.value(), Long::sum);
            }
        }
        if (own) {
            Map<String, Long> all = new LinkedHashMap<>();
            sums.forEach((name, value) -> all.put(name.matches("interleave|local|other") ? "numa_" + name : name, value));
            statistics.ofNode(data(node)).forEach(counter -> all.put(counter.name(), counter.value()));
            return all;
        }
        return sums;
    }

    private static long huge(KObject node, String path, String member) {
        KObject pool = pool(node.kernel(), path.split("/")[1]);
        String array = member.replace("nr_hugepages", "nr_huge_pages_node").replace("free_hugepages", "free_huge_pages_node")
                .replace("surplus_hugepages", "surplus_huge_pages_node");
        return pool.at(array).index(node.getInt("id")).value() & 0xffff_ffffL;
    }

    /** The pool that a directory is named after: {@code hugepages-2048kB}. */
    static KObject pool(Kernel kernel, String directory) {
        return new HugePages(kernel).states().stream().filter(state -> directory.equals("hugepages-" + HugePages.size(state) / 1024 + "kB")).findFirst()
                .orElseThrow(() -> new VfsException(Errno.EIO));
    }
}

package io.scwatcher.fidelity;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The files that must be right in every guest. All else of /proc is counted. */
final class RequiredFiles {
    private static final List<String> PROCESS = List.of("stat", "status", "statm", "cmdline", "environ", "comm", "exe",
            "cwd", "root", "fd", "fd/N", "fdinfo", "fdinfo/N", "maps", "limits", "io", "cgroup", "mounts", "mountinfo",
            "ns", "wchan", "oom_score", "oom_score_adj", "loginuid", "sessionid", "schedstat", "auxv", "net",
            "ns/cgroup", "ns/ipc", "ns/mnt", "ns/net", "ns/pid", "ns/pid_for_children", "ns/time",
            "ns/time_for_children", "ns/user", "ns/uts");

    private static final List<String> SYSTEM = List.of("stat", "meminfo", "loadavg", "uptime", "version", "cmdline",
            "cpuinfo", "modules", "kallsyms", "mounts", "filesystems", "partitions", "diskstats", "devices",
            "interrupts", "softirqs", "vmstat", "swaps", "consoles", "misc", "locks", "cgroups", "self", "net",
            "tty/drivers", "sysvipc/msg", "sysvipc/sem", "sysvipc/shm");

    private static final List<String> NET = List.of("tcp", "tcp6", "udp", "udp6", "udplite", "udplite6", "raw", "raw6",
            "icmp", "icmp6", "unix", "packet", "netlink", "dev", "route", "ipv6_route", "if_inet6", "arp", "sockstat",
            "sockstat6", "snmp", "netstat", "protocols", "igmp", "dev_mcast");

    private static final Set<String> PATTERNS = patterns();

    private RequiredFiles() {}

    /** Whether a node must be right. */
    static boolean contains(String path) {
        return PATTERNS.contains(Patterns.of(path)) || path.equals("sys") || path.startsWith("sys/");
    }

    /** The patterns of all required nodes but those of /proc/sys, sorted; see {@link Patterns#of}. */
    static Set<String> patterns() {
        Stream<String> process = PROCESS.stream().flatMap(name -> Stream.of("PID/" + name, "PID/task/TID/" + name));
        Stream<String> net = NET.stream().flatMap(name -> Stream.of("PID/net/" + name, "PID/task/TID/net/" + name));
        return Stream.of(process, SYSTEM.stream(), net, Stream.of("PID", "PID/task", "PID/task/TID"))
                .flatMap(names -> names).collect(java.util.stream.Collectors.toCollection(TreeSet::new));
    }
}

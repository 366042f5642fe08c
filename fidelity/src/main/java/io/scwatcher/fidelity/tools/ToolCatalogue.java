package io.scwatcher.fidelity.tools;

import static io.scwatcher.fidelity.tools.OwnTraces.BRANCHES;
import static io.scwatcher.fidelity.tools.OwnTraces.NONE;
import static io.scwatcher.fidelity.tools.OwnTraces.WORDS;

import java.util.List;
import java.util.stream.Stream;

/** The tools that are compared, cheap ones first. */
final class ToolCatalogue {
    /** Prints, for each process of the guest, a line that does not depend on the interpreter. */
    private static final String SHELL = """
            for d in /proc/[0-9]*; do
                n=; s=; t=
                while read -r key value rest; do
                    case $key in Name:) n=$value;; State:) s=$value;; Threads:) t=$value;; esac
                done 2> /dev/null < $d/status && echo "${d#/proc/} $n $s $t"
            done""";
    private static final String AWK = """
            BEGIN { while ((getline line < "/proc/net/tcp") > 0) { split(line, f, " "); n[f[4]]++ }
                for (s = 1; s < 12; s++) { k = sprintf("%02X", s); printf "%s %d\\n", k, n[k] }
                while ((getline line < "/proc/modules") > 0) { split(line, f, " "); size += f[2] } printf "%d %.3f\\n", size, sqrt(size) }""";
    private static final String PERL = """
            for my $d (sort { $a <=> $b } map { m{/(\\d+)$} } glob "/proc/[0-9]*") {
                open(my $f, "<", "/proc/$d/stat") or next; my $l = <$f>; my ($c, $r) = $l =~ /\\((.*)\\) (.*)/s or next;
                my @w = split / /, $r; print join(" ", $d, $c, @w[0, 1, 2, 3, 17]), "\\n"; }""";
    private static final String PYTHON = """
            import os
            for p in sorted(int(n) for n in os.listdir("/proc") if n.isdigit()):
                try:
                    ids = os.getpgid(p), os.getsid(p), os.getpriority(os.PRIO_PROCESS, p), os.sched_getscheduler(p), sorted(os.sched_getaffinity(p))
                    print(p, *ids, os.stat("/proc/%d" % p).st_uid, sorted(os.listdir("/proc/%d/fd" % p), key=int))
                except OSError as e:
                    print(p, e.errno)""";

    private static final String SYSFS = """
            for f in /sys/class/net/*/* /sys/class/net/*/statistics/* /sys/block/*/* /sys/block/*/queue/* /sys/devices/system/cpu/* \\
                /sys/devices/system/cpu/cpu*/topology/* /sys/devices/system/cpu/cpu*/cache/index*/* /sys/devices/system/node/node*/* /sys/module/*/parameters/* \\
                /sys/kernel/* /sys/kernel/mm/transparent_hugepage/* /sys/class/dmi/id/* /sys/fs/cgroup/cgroup.*; do
                case $f in */vmcoreinfo | */notes | */uevent | */power) continue;; esac
                if [ -f $f ] && read -r line 2> /dev/null < $f; then echo "$f $line"; fi
            done""";
    private static final String PSUTIL = """
            import psutil
            for p in psutil.process_iter():
                with p.oneshot():
                    print(p.pid, p.ppid(), p.name(), p.status(), p.username(), p.nice(), p.ionice(), p.num_threads(), p.cpu_affinity(), p.terminal(), p.uids())
            print(psutil.virtual_memory().total, psutil.swap_memory().total, psutil.cpu_count(), psutil.cpu_count(logical=False), psutil.boot_time())
            print(psutil.net_if_addrs(), psutil.disk_partitions(all=True))
            for c in psutil.net_connections(): print(c)""";

    private static final List<ToolCase> QUICK = Stream.of(
            one("uname -a"), one("hostname"), one("nproc"), one("uptime"), one("w"), one("who -a"), one("free"), one("free -w -b"), one("vmstat"),
            one("vmstat -s"), one("vmstat -m"), one("lsmod"), one("pidof init"), ToolCase.of("pidof population agent sh", WORDS), one("pgrep -a ."),
            one("pmap 1"), one("pmap -x 1"), one("pmap -X 1"), ToolCase.of("fuser /dev/null", WORDS), ToolCase.of("fuser -n tcp 8080", WORDS),
            one("ps auxww"), one("ps -ef"), one("ps -eLf"), one("ps axjf"), one("ps -eo pid,ppid,pgid,sid,tty,stat,ni,pri,rtprio,cls,psr,nlwp,vsz,rss,comm,args"),
            one("ps -eo pid,lstart,etime,wchan:32,label,ignored,blocked,pending,caught,euser,ruser,egroup"), one("top -bn1"),
            ToolCase.of("pstree -p", BRANCHES), one("pstree -apu"), one("netstat -anp"), one("netstat -rn"), one("netstat -i"), one("netstat -s"),
            one("netstat -g"), one("ifconfig -a"), one("arp -an"), one("route -n"), one("ss -anp"), one("ss -tanpeimo"), one("ss -s"), one("ss -xanp"),
            one("ip a"), one("ip -d link"), one("ip -s link"), one("ip r"), one("ip r show table all"), one("ip -6 r"), one("ip -6 a"), one("ip neigh"),
            one("ip -6 neigh"), one("ip rule"), one("ip -6 rule"), one("lsof -nP"), one("lsof -nP -i"), one("lsof -nP -U"),
            one("sysctl kernel.pid_max kernel.ostype kernel.random.boot_id net.ipv4.ip_forward"), one("lscpu -p"), one("lsns -o NS,TYPE,NPROCS,PID"),
            one("busybox ps"), one("busybox ps -o pid,user,vsz,rss,stat,args"), one("busybox top -bn1"), one("busybox netstat -an"), one("busybox free"),
            one("busybox uptime"), one("busybox lsmod"), ToolCase.of("busybox pidof population", WORDS), ToolCase.of("busybox pstree -p", BRANCHES),
            one("busybox ifconfig -a"), one("busybox arp -an"), one("busybox route -n"), one("busybox ip a"), one("busybox ip r"), one("busybox uname -a"),
            ToolCase.script("dash script", "dash -c", SHELL), ToolCase.script("bash script", "bash -c", SHELL), ToolCase.script("mawk script", "mawk", AWK),
            ToolCase.script("gawk script", "gawk", AWK), ToolCase.script("perl script", "perl -e", PERL), ToolCase.script("python3 script", "python3 -c", PYTHON),
            one("lscpu"), one("lsmem"), one("lslocks"), one("lsns"), one("lsipc"), one("ipcs -a"), one("findmnt -A"), one("mount"), one("lsblk"),
            one("slabtop -o"), one("dmesg -r"), one("busybox dmesg"), one("numastat"), one("numastat -m"), one("bridge link"), one("bridge fdb"), one("tc qdisc"), one("ip route get 10.0.2.2"), one("ip route get 127.0.0.1"), one("ip route get 203.0.113.9"),
            one("ip route get 192.0.2.1"), one("ip -6 route get ::1"), one("ip -6 route get 2001:db8:1::5"), one("ip maddr"), one("ip tunnel"),
            one("ip mroute"), one("ip netns"), one("ip -j -d addr"), one("nstat -az"), one("ss -tuln"), one("ss -xp"), one("ss -0p"), one("ss -w"),
            one("pwdx 1"), one("prtstat 1"), one("pmap -XX 1"), one("ps -eo pid,cgroup:60,args"), one("ps -eLo pid,lwp,class,rtprio,policy,stat,comm"),
            one("mpstat -P ALL"), one("iostat"), one("pidstat"), one("vmstat -d"), one("vmstat -D"), one("lspci"), one("brctl show"), one("lsscsi"),
            one("sysctl -a"), one("busybox lsof"), one("busybox pmap 1"), one("busybox iostat"), one("busybox mount"), one("busybox ps -T"),
            ToolCase.script("sysfs script", "dash -c", SYSFS), ToolCase.script("psutil script", "python3 -c", PSUTIL),
            one("find /sys/devices /sys/class /sys/bus /sys/block /sys/module /sys/fs/cgroup -printf %p:%y:%m:%i:%n:%s:%l\\n"),
            one("kill -0 1"), ToolCase.of("unhide-tcp", NONE).within(300), ToolCase.of("chkrootkit tcpd", NONE).within(300)).toList();

    private static final List<ToolCase> LONG = Stream.of(ToolCase.of("unhide quick", NONE), ToolCase.of("unhide sys", NONE), ToolCase.of("unhide proc", NONE),
            ToolCase.of("chkrootkit -q", NONE)).map(one -> one.within(1800)).toList();

    private ToolCatalogue() {}

    private static ToolCase one(String command) {
        return ToolCase.of(command);
    }

    /** Those that take seconds. */
    static List<ToolCase> quick() {
        return QUICK;
    }

    /** Those that take minutes in an emulated guest. */
    static List<ToolCase> lengthy() {
        return LONG;
    }
}

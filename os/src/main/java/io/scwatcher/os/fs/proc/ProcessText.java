package io.scwatcher.os.fs.proc;

import io.scwatcher.cpu.memory.AddressSpace;
import io.scwatcher.cpu.memory.Mapping;
import io.scwatcher.os.abi.Signal;
import io.scwatcher.os.fs.DeviceNumber;
import io.scwatcher.os.fs.FileStatus;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.mm.MappedFile;
import io.scwatcher.os.mm.MemoryDescriptor;
import io.scwatcher.os.signal.SignalActions;
import io.scwatcher.os.task.ControllingTerminal;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.os.task.ResourceLimits;
import io.scwatcher.os.task.Task;
import io.scwatcher.os.task.ThreadGroup;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the files of /proc/PID say about one of the layer's own tasks (fs/proc/array.c, task_mmu.c, base.c of 6.12). */
final class ProcessText {
    private static final long TICK = 10_000_000;
    private static final long PAGE = AddressSpace.PAGE;
    /** At most so many bytes of arguments or environment are shown. */
    private static final int MAX_STRINGS = 1 << 21;
    private static final int PF_RANDOMIZE = 0x00400000, PF_FORKNOEXEC = 0x40;
    private static final List<String> LIMITS = List.of("cpu time:seconds", "file size:bytes", "data size:bytes", "stack size:bytes", "core file size:bytes",
            "resident set:bytes", "processes:processes", "open files:files", "locked memory:bytes", "address space:bytes", "file locks:locks",
            "pending signals:signals", "msgqueue size:bytes", "nice priority:", "realtime priority:", "realtime timeout:us");

    private final Task task;
    private final ThreadGroup group;

    ProcessText(Task task) {
        this.task = task;
        this.group = task.group();
    }

    private char state() {
        if (group.zombie() || !task.alive()) {
            return 'Z';
        }
        return group.stopped() ? 'T' : task.cpuTime().running() ? 'R' : 'S';
    }

    private MemoryDescriptor mm() {
        return state() == 'Z' ? null : task.mm();
    }

    private long startTicks() {
        long age = System.nanoTime() - group.startTime();
        return Math.max(0, (task.layer().clocks().monotonic() - age) / TICK);
    }

    String stat(boolean process) {
        MemoryDescriptor mm = mm();
        ControllingTerminal terminal = group.session().terminal();
        long user = process ? group.userNanos() : task.cpuTime().user();
        long system = process ? group.systemNanos() : task.cpuTime().system();
        long[] handled = handled();
        StringBuilder s = new StringBuilder();
        s.append(process ? group.id() : task.id()).append(" (").append(task.name()).append(") ").append(state());
        field(s, group.parentId());
        field(s, group.processGroup());
        field(s, group.session().id());
        field(s, terminal == null ? 0 : terminal.device());
        field(s, terminal == null ? -1 : terminal.foregroundGroup());
        field(s, PF_RANDOMIZE | (group.executed() ? 0 : PF_FORKNOEXEC));
        zeros(s, 4);
        field(s, user / TICK);
        field(s, system / TICK);
        zeros(s, 2);
        field(s, 20 + group.nice());
        field(s, group.nice());
        field(s, Math.max(1, group.tasks().size()));
        field(s, 0);
        field(s, startTicks());
        field(s, mm == null ? 0 : mm.space().mappedBytes());
        field(s, mm == null ? 0 : mm.space().residentPages());
        long rss = group.limits().soft(ResourceLimits.RSS);
        s.append(' ').append(Long.toUnsignedString(rss));
        field(s, mm == null ? 0 : mm.startCode);
        field(s, mm == null ? 0 : mm.endCode);
        field(s, mm == null ? 0 : mm.startStack);
        zeros(s, 2);
        field(s, task.signals().pending().set() & 0x7fff_ffff);
        field(s, task.signals().blocked() & 0x7fff_ffff);
        field(s, handled[0] & 0x7fff_ffff);
        field(s, handled[1] & 0x7fff_ffff);
        zeros(s, 3);
        field(s, Signal.SIGCHLD);
        zeros(s, 6);
        for (long address : mm == null ? new long[7] : new long[] {mm.startData, mm.endData, mm.startBrk, mm.argStart, mm.argEnd, mm.envStart, mm.envEnd}) {
            field(s, address);
        }
        field(s, 0);
        return s.append('\n').toString();
    }

    private static void field(StringBuilder s, long value) {
        s.append(' ').append(value);
    }

    private static void zeros(StringBuilder s, int count) {
        s.append(" 0".repeat(count));
    }

    /** Signals that are ignored, and signals that have handlers. */
    private long[] handled() {
        long ignored = 0;
        long caught = 0;
        for (int signal = 1; signal <= Signal.LAST; signal++) {
            long handler = group.actions().get(signal).handler();
            ignored |= handler == SignalActions.SIG_IGN ? Signal.bit(signal) : 0;
            caught |= handler != SignalActions.SIG_IGN && handler != SignalActions.SIG_DFL ? Signal.bit(signal) : 0;
        }
        return new long[] {ignored, caught};
    }

    String status() {
        Credentials c = task.credentials();
        long[] handled = handled();
        StringBuilder s = new StringBuilder();
        line(s, "Name", MountTable.escape(task.name()));
        line(s, "Umask", String.format("%04o", task.fsContext().umask()));
        char state = state();
        line(s, "State", state + switch (state) {
            case 'R' -> " (running)";
            case 'T' -> " (stopped)";
            case 'Z' -> " (zombie)";
            default -> " (sleeping)";
        });
        line(s, "Tgid", group.id());
        line(s, "Ngid", 0);
        line(s, "Pid", task.id());
        line(s, "PPid", group.parentId());
        line(s, "TracerPid", 0);
        line(s, "Uid", c.uid() + "\t" + c.euid() + "\t" + c.suid() + "\t" + c.fsuid());
        line(s, "Gid", c.gid() + "\t" + c.egid() + "\t" + c.sgid() + "\t" + c.fsgid());
        line(s, "FDSize", task.files() == null ? 0 : task.files().capacity());
        line(s, "Groups", Arrays.stream(c.groups()).mapToObj(g -> g + " ").collect(Collectors.joining()) + (c.groups().length == 0 ? " " : ""));
        line(s, "NStgid", group.id());
        line(s, "NSpid", task.id());
        line(s, "NSpgid", group.processGroup());
        line(s, "NSsid", group.session().id());
        line(s, "Kthread", 0);
        memory(s);
        line(s, "Threads", Math.max(1, group.tasks().size()));
        line(s, "SigQ", task.signals().pending().size() + group.pending().size() + "/" + Long.toUnsignedString(group.limits().soft(ResourceLimits.SIGPENDING)));
        line(s, "SigPnd", hex(task.signals().pending().set()));
        line(s, "ShdPnd", hex(group.pending().set()));
        line(s, "SigBlk", hex(task.signals().blocked()));
        line(s, "SigIgn", hex(handled[0]));
        line(s, "SigCgt", hex(handled[1]));
        line(s, "CapInh", hex(c.inheritable()));
        line(s, "CapPrm", hex(c.permitted()));
        line(s, "CapEff", hex(c.effective()));
        line(s, "CapBnd", hex(c.bounding()));
        line(s, "CapAmb", hex(c.ambient()));
        line(s, "NoNewPrivs", task.noNewPrivileges() ? 1 : 0);
        line(s, "Seccomp", 0);
        line(s, "Seccomp_filters", 0);
        line(s, "Speculation_Store_Bypass", "not vulnerable");
        line(s, "SpeculationIndirectBranch", "unknown");
        long[] processors = task.layer().view().processors();
        line(s, "Cpus_allowed", mask(processors));
        line(s, "Cpus_allowed_list", list(processors));
        line(s, "Mems_allowed", "1");
        line(s, "Mems_allowed_list", "0");
        line(s, "voluntary_ctxt_switches", 0);
        line(s, "nonvoluntary_ctxt_switches", 0);
        return s.toString();
    }

    private void memory(StringBuilder s) {
        MemoryDescriptor mm = mm();
        if (mm == null) {
            return;
        }
        long[] sizes = new long[4];
        for (Mapping mapping : mappings(mm)) {
            boolean file = mapping.backing() != null;
            boolean executable = (mapping.protection() & Mapping.EXECUTE) != 0;
            boolean writable = (mapping.protection() & Mapping.WRITE) != 0;
            int kind = mapping.growsDown() ? 1 : executable && file ? mapping.start() <= mm.startCode && mm.startCode < mapping.end() ? 2 : 3 : writable ? 0 : -1;
            if (kind >= 0) {
                sizes[kind] += mapping.length();
            }
        }
        long resident = mm.space().residentPages() * (PAGE / 1024);
        long own = mm.space().ownedPages() * (PAGE / 1024);
        kilobytes(s, "VmPeak", mm.space().mappedBytes() >> 10);
        kilobytes(s, "VmSize", mm.space().mappedBytes() >> 10);
        kilobytes(s, "VmLck", 0);
        kilobytes(s, "VmPin", 0);
        kilobytes(s, "VmHWM", mm.peakPages() * (PAGE / 1024));
        kilobytes(s, "VmRSS", resident);
        kilobytes(s, "RssAnon", Math.min(own, resident));
        kilobytes(s, "RssFile", Math.max(0, resident - own));
        kilobytes(s, "RssShmem", 0);
        kilobytes(s, "VmData", sizes[0] >> 10);
        kilobytes(s, "VmStk", sizes[1] >> 10);
        kilobytes(s, "VmExe", sizes[2] >> 10);
        kilobytes(s, "VmLib", sizes[3] >> 10);
        kilobytes(s, "VmPTE", Math.max(4, resident / 512 * 4));
        kilobytes(s, "VmSwap", 0);
        kilobytes(s, "HugetlbPages", 0);
        line(s, "CoreDumping", 0);
        line(s, "THP_enabled", 0);
        line(s, "untag_mask", "0xffffffffffffffff");
    }

    private static void kilobytes(StringBuilder s, String name, long value) {
        s.append(name).append(String.format(":\t%8d kB\n", value));
    }

    private static void line(StringBuilder s, String name, Object value) {
        s.append(name).append(":\t").append(value).append('\n');
    }

    private static String hex(long value) {
        return String.format("%016x", value);
    }

    /** cpumask: 32 bits a group, the highest first. */
    private static String mask(long[] processors) {
        int last = processors.length - 1;
        while (last > 0 && processors[last] == 0) {
            last--;
        }
        StringBuilder s = new StringBuilder();
        for (int i = last; i >= 0; i--) {
            int high = (int) (processors[i] >>> 32);
            if (!s.isEmpty()) {
                s.append(',').append(String.format("%08x,%08x", high, (int) processors[i]));
            } else if (high != 0) {
                s.append(String.format("%x,%08x", high, (int) processors[i]));
            } else {
                s.append(Integer.toHexString((int) processors[i]));
            }
        }
        return s.toString();
    }

    private static String list(long[] processors) {
        int count = processors.length * 64;
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < count; i++) {
            if (!bit(processors, i)) {
                continue;
            }
            int last = i;
            while (last + 1 < count && bit(processors, last + 1)) {
                last++;
            }
            s.append(s.isEmpty() ? "" : ",").append(i).append(last > i ? "-" + last : "");
            i = last;
        }
        return s.toString();
    }

    private static boolean bit(long[] words, int index) {
        return (words[index / 64] >>> index % 64 & 1) != 0;
    }

    String statm() {
        MemoryDescriptor mm = mm();
        if (mm == null) {
            return "0 0 0 0 0 0 0\n";
        }
        long text = (mm.endCode + PAGE - 1) / PAGE - mm.startCode / PAGE;
        long data = mappings(mm).stream().filter(m -> (m.protection() & Mapping.WRITE) != 0 && !m.shared()).mapToLong(Mapping::length).sum() / PAGE;
        long resident = mm.space().residentPages();
        return mm.space().mappedBytes() / PAGE + " " + resident + " " + Math.max(0, resident - mm.space().ownedPages()) + " " + text + " 0 " + data + " 0\n";
    }

    String limits() {
        StringBuilder s = new StringBuilder(String.format("%-25s %-20s %-20s %-10s\n", "Limit", "Soft Limit", "Hard Limit", "Units"));
        IntStream.range(0, LIMITS.size()).forEach(i -> {
            String[] parts = LIMITS.get(i).split(":", -1);
            s.append(String.format("%-25s %-20s %-20s %-10s\n", "Max " + parts[0], limit(group.limits().soft(i)), limit(group.limits().hard(i)), parts[1]));
        });
        return s.toString();
    }

    private static String limit(long value) {
        return value == ResourceLimits.INFINITY ? "unlimited" : Long.toUnsignedString(value);
    }

    String children() {
        return task.layer().processes().groups().stream().filter(child -> child.parent() == group && task == group.leader()).map(child -> child.id() + " ")
                .collect(Collectors.joining());
    }

    /**
     * The memory with the arguments or the environment, as it is now. Another process may change its memory meanwhile; what can be read is shown.
     *
     * @param arguments or else the environment
     */
    byte[] memory(Task reader, boolean arguments) {
        MemoryDescriptor mm = mm();
        if (mm == null) {
            return new byte[0];
        }
        long start = arguments ? mm.argStart : mm.envStart;
        long end = arguments ? mm.argEnd : mm.envEnd;
        byte[] bytes = new byte[(int) Math.clamp(end - start, 0, MAX_STRINGS)];
        try {
            int count = mm.space().read(start, bytes, 0, bytes.length);
            return Arrays.copyOf(bytes, count);
        } catch (RuntimeException e) {
            if (reader.mm() == mm) {
                throw e;
            }
            return new byte[0];
        }
    }

    private static List<Mapping> mappings(MemoryDescriptor mm) {
        for (int attempt = 0; attempt < 10; attempt++) {
            try {
                return List.copyOf(mm.space().mappings());
            } catch (RuntimeException e) {
                // the process changed them just now
            }
        }
        return List.of();
    }

    String maps(Location root) {
        MemoryDescriptor mm = mm();
        StringBuilder s = new StringBuilder();
        if (mm == null) {
            return "";
        }
        for (Mapping mapping : mappings(mm)) {
            int protection = mapping.protection();
            int begin = s.length();
            Location file = mapping.owner() instanceof MappedFile mapped ? mapped.location() : null;
            FileStatus status = file == null ? null : file.inode().status();
            s.append(String.format("%08x-%08x %c%c%c%c %08x %02x:%02x %d ", mapping.start(), mapping.end(), (protection & Mapping.READ) != 0 ? 'r' : '-',
                    (protection & Mapping.WRITE) != 0 ? 'w' : '-', (protection & Mapping.EXECUTE) != 0 ? 'x' : '-', mapping.shared() ? 's' : 'p',
                    mapping.backing() == null ? 0 : mapping.offset(), status == null ? 0 : DeviceNumber.major(status.device()),
                    status == null ? 0 : DeviceNumber.minor(status.device()), status == null ? 0 : status.inode()));
            String name = file != null ? file.path(root).replace("\n", "\\012") : name(mm, mapping);
            if (!name.isEmpty()) {
                s.append(" ".repeat(Math.max(0, 73 - (s.length() - begin)))).append(name);
            }
            s.append('\n');
        }
        return s.toString();
    }

    private static String name(MemoryDescriptor mm, Mapping mapping) {
        if (mapping.owner() instanceof String name) {
            return name;
        }
        if (mapping.start() < mm.brk && mapping.end() > mm.startBrk) {
            return "[heap]";
        }
        return mapping.start() <= mm.startStack && mm.startStack < mapping.end() ? "[stack]" : "";
    }
}

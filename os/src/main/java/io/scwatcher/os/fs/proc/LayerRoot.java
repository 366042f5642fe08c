package io.scwatcher.os.fs.proc;

import io.scwatcher.os.fs.Inode;
import io.scwatcher.os.task.ThreadGroup;
import io.scwatcher.os.view.SystemView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The root of /proc where the layer is all there is: its processes, and the files without which common programs do not work. */
final class LayerRoot extends ProcDirectory {
    private static final long FIRST_INODE = 0xf000_0100L;
    private static final long TICK = 10_000_000;

    private final Map<String, Supplier<String>> files = new LinkedHashMap<>();

    LayerRoot(ProcFileSystem fs) {
        super(fs, 0555, 1, null);
        files.put("cmdline", () -> "\n");
        files.put("cpuinfo", this::processors);
        files.put("filesystems", () -> "nodev\tproc\nnodev\ttmpfs\nnodev\tdevtmpfs\nnodev\tpipefs\nnodev\tsockfs\nnodev\tdevpts\n");
        files.put("loadavg", this::loads);
        files.put("meminfo", this::memory);
        files.put("stat", this::statistics);
        files.put("swaps", () -> "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
        files.put("uptime", () -> seconds(fs.layer().clocks().monotonic()) + " 0.00\n");
        files.put("version", this::version);
    }

    @Override
    Inode child(String name) {
        Inode own = OwnProcesses.lookup(fs, name);
        if (own != null) {
            return own;
        }
        Supplier<String> text = files.get(name);
        if (text != null) {
            return file(name, text);
        }
        return switch (name) {
            case "mounts" -> new ProcInode.Link(fs, 0777, FIRST_INODE + 80, null, _ -> "self/mounts", null);
            case "net" -> new ProcInode.Link(fs, 0777, FIRST_INODE + 81, null, _ -> "self/net", null);
            case "sys" -> new Settings(Map.of("kernel", new Settings(kernelSettings(), 91)), 90);
            default -> null;
        };
    }

    private Inode file(String name, Supplier<String> text) {
        return new ProcInode.Text(fs, 0444, FIRST_INODE + Math.abs(name.hashCode() % 0x10000), null, _ -> text.get().getBytes(StandardCharsets.ISO_8859_1), null);
    }

    @Override
    List<String> names() {
        List<String> names = new ArrayList<>(files.keySet());
        names.addAll(List.of("mounts", "net", "sys", "self", "thread-self"));
        for (ThreadGroup group : fs.layer().processes().groups()) {
            names.add(Integer.toString(group.id()));
        }
        return names;
    }

    private Map<String, Object> kernelSettings() {
        SystemView.Names names = fs.layer().view().names();
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("cap_last_cap", "40\n");
        settings.put("domainname", names.domain() + "\n");
        settings.put("hostname", names.node() + "\n");
        settings.put("ngroups_max", "65536\n");
        settings.put("osrelease", names.release() + "\n");
        settings.put("ostype", names.system() + "\n");
        settings.put("pid_max", "4194304\n");
        settings.put("version", names.version() + "\n");
        return settings;
    }

    /** A directory of {@code sys}: names to texts or directories. */
    private final class Settings extends ProcDirectory {
        private final Map<String, Object> entries;

        Settings(Map<String, ?> entries, int index) {
            super(LayerRoot.this.fs, 0555, FIRST_INODE + index, null);
            this.entries = new LinkedHashMap<>(entries);
        }

        @Override
        Inode child(String name) {
            Object entry = entries.get(name);
            return entry instanceof String text ? file(name, () -> text) : (Inode) entry;
        }

        @Override
        List<String> names() {
            return List.copyOf(entries.keySet());
        }
    }

    private String version() {
        SystemView.Names names = fs.layer().view().names();
        return names.system() + " version " + names.release() + " (scwatcher@" + names.node() + ") " + names.version() + "\n";
    }

    private static String seconds(long nanos) {
        return String.format("%d.%02d", nanos / 1_000_000_000, nanos / TICK % 100);
    }

    private int processorCount() {
        int count = 0;
        for (long word : fs.layer().view().processors()) {
            count += Long.bitCount(word);
        }
        return count;
    }

    private String processors() {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < processorCount(); i++) {
            s.append("processor\t: ").append(i).append("\nvendor_id\t: GenuineIntel\nmodel name\t: SCwatcher\ncpu MHz\t\t: 1000.000\nphysical id\t: 0\nsiblings\t: ")
                    .append(processorCount()).append("\ncore id\t\t: ").append(i).append("\ncpu cores\t: ").append(processorCount()).append("\n\n");
        }
        return s.toString();
    }

    private String loads() {
        SystemView.Information information = fs.layer().view().information();
        StringBuilder s = new StringBuilder();
        for (long load : information.loads()) {
            s.append(String.format("%d.%02d ", load >> 16, (load & 0xffff) * 100 >> 16));
        }
        List<ThreadGroup> groups = fs.layer().processes().groups();
        long running = groups.stream().flatMap(group -> group.tasks().stream()).filter(task -> task.cpuTime().running()).count();
        int last = groups.isEmpty() ? 0 : groups.getLast().id();
        return s.append(Math.max(1, running)).append('/').append(groups.size()).append(' ').append(last).append('\n').toString();
    }

    private String memory() {
        long[] sizes = fs.layer().view().information().memory();
        String[] names = {"MemTotal", "MemFree", "MemAvailable", "Buffers", "Cached", "SwapCached", "Shmem", "SwapTotal", "SwapFree"};
        long[] values = {sizes[0], sizes[1], sizes[1], sizes[3], 0, 0, sizes[2], sizes[4], sizes[5]};
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < names.length; i++) {
            s.append(String.format("%-16s%8d kB\n", names[i] + ":", values[i] >> 10));
        }
        return s.toString();
    }

    private String statistics() {
        long ticks = fs.layer().clocks().monotonic() / TICK;
        StringBuilder s = new StringBuilder("cpu  0 0 0 " + ticks * processorCount() + " 0 0 0 0 0 0\n");
        for (int i = 0; i < processorCount(); i++) {
            s.append("cpu").append(i).append(" 0 0 0 ").append(ticks).append(" 0 0 0 0 0 0\n");
        }
        long boot = (fs.layer().clocks().realTime() - fs.layer().clocks().monotonic()) / 1_000_000_000;
        return s + "intr 0\nctxt 0\nbtime " + boot + "\nprocesses " + fs.layer().processes().groups().size() + "\nprocs_running 1\nprocs_blocked 0\nsoftirq 0 0 0 0 0 0 0 0 0 0 0\n";
    }
}

package io.scwatcher.fidelity.fuzz;

import io.scwatcher.fidelity.Patterns;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.discovery.KernelProfile;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.Node;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.vprocfs.ProcFs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Chooses the nodes that are read in the rounds: a few of each kind, from all over the tree. */
final class Subjects {
    private static final int OF_EACH_KIND = 3;
    private static final int OF_EACH_SYSCTL = 1;
    private static final int DEPTH = 12;

    private final GuestMemory memory;
    private final KernelProfile profile;
    private final SplittableRandom random;
    private final Map<String, List<String>> kinds = new TreeMap<>();
    private final Map<String, Integer> met = new TreeMap<>();

    Subjects(GuestMemory memory, KernelProfile profile, SplittableRandom random) {
        this.memory = memory;
        this.profile = profile;
        this.random = random;
    }

    List<Subject> find() {
        Kernel kernel = profile.epoch(memory);
        collect("", new ProcFs(() -> kernel).root(), 0);
        List<Subject> subjects = new ArrayList<>();
        kinds.values().forEach(paths -> paths.forEach(path -> subjects.add(measure(path))));
        return subjects;
    }

    /** Notes every node under its kind; of a kind that has many, a random few remain. */
    private void collect(String path, Directory directory, int depth) {
        keep(path);
        for (Directory.Entry entry : directory.list()) {
            String child = path.isEmpty() ? entry.name() : path + "/" + entry.name();
            if (entry.type() != FileType.DIRECTORY) {
                keep(child);
            } else if (depth < DEPTH && isEntered(child)) {
                try {
                    Node node = directory.lookup(entry.name());
                    if (node instanceof Directory below) {
                        collect(child, below, depth + 1);
                    }
                } catch (VfsException unlisted) {
                    keep(child);
                }
            }
        }
    }

    /** Of the directories of a process, those of some processes are enough. */
    private boolean isEntered(String path) {
        boolean ofProcess = Patterns.of(path).startsWith("PID/");
        return !ofProcess || random.nextInt(met.getOrDefault(Patterns.of(path), 0) + 1) < 2 * OF_EACH_KIND;
    }

    private void keep(String path) {
        String kind = Patterns.of(path);
        int count = met.merge(kind, 1, Integer::sum);
        List<String> kept = kinds.computeIfAbsent(kind, name -> new ArrayList<>());
        int most = kind.startsWith("sys/") ? OF_EACH_SYSCTL : OF_EACH_KIND;
        if (kept.size() < most) {
            kept.add(path);
        } else if (random.nextInt(count) < most) {
            kept.set(random.nextInt(most), path);
        }
    }

    private Subject measure(String path) {
        RecordingMemory recording = new RecordingMemory(memory);
        Work work = new Work();
        Kernel kernel = work.count(profile.epoch(recording));
        long sum = Fuzzer.visit(new ProcFs(() -> kernel).root(), path);
        return new Subject(path, recording.frames(), work.done(), sum);
    }
}

package io.scwatcher.fidelity.fuzz;

import io.scwatcher.fidelity.NeverRead;
import io.scwatcher.fidelity.Patterns;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.discovery.DiscoveryException;
import io.scwatcher.kernel.discovery.DiscoveryListener;
import io.scwatcher.kernel.discovery.KernelProfile;
import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.Node;
import io.scwatcher.vfs.RegularFile;
import io.scwatcher.vfs.SpecialFile;
import io.scwatcher.vfs.SymbolicLink;
import io.scwatcher.vfs.VfsException;
import io.scwatcher.vprocfs.ProcFs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * Reads proc files from a dump in which words were changed, again and again. Each round changes a few words in page
 * frames that the files of the round really read, so that most changes are met. Whatever the memory says, a file must
 * read as some bytes or fail with an error number: any other exception, too much work or too much memory is a failure.
 *
 * <p>A round is determined by the dump, the seed and its number.
 */
public final class Fuzzer {
    /** Accesses to the guest's memory that any file may take; beyond that, a multiple of what it takes unchanged. */
    private static final long WORK = 30_000_000;
    private static final int WORK_FACTOR = 20;
    /** Files that take more than this unchanged are read in few rounds. */
    private static final long EXPENSIVE = 300_000;
    private static final int MOST_FILES = 5;
    private static final int MOST_FRAMES = 6;
    private static final int MOST_WORDS = 24;
    private static final int CHUNK = 1 << 16;
    private static final long LONGEST_FILE = 64 << 20;
    private static final int DISCOVERY_FRAMES = 40;
    /** A frame is common if more than one of so many files read it. */
    private static final int COMMON = 20;

    private final GuestMemory memory;
    private final KernelProfile profile;
    private final long seed;
    private final List<Subject> subjects;
    private int readings;
    private int changedReadings;
    private final Map<String, Integer> caught = new TreeMap<>();
    private final Map<Long, Integer> readers = new HashMap<>();

    /**
     * A failure that a round found.
     *
     * @param round its number
     * @param path the file that was read, below /proc
     * @param changes the words that were changed, with what was there
     * @param failure what came out
     */
    public record Failure(long seed, int round, String path, String changes, Throwable failure) {
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("seed %d round %d: /proc/%s: %s".formatted(seed, round, path, failure));
            Arrays.stream(failure.getStackTrace()).limit(8).forEach(frame -> text.append("\n    at ").append(frame));
            return text.append("\n    with ").append(changes).toString();
        }
    }

    /**
     * Looks at the unchanged dump.
     *
     * @param memory of a guest that stands still
     */
    public Fuzzer(GuestMemory memory, KernelProfile profile, long seed) {
        this.memory = memory;
        this.profile = profile;
        this.seed = seed;
        this.subjects = new Subjects(memory, profile, new SplittableRandom(seed)).find();
        for (Subject subject : subjects) {
            Arrays.stream(subject.frames()).forEach(frame -> readers.merge(frame, 1, Integer::sum));
        }
    }

    /**
     * Exceptions other than the reader's own that the tree turned into EIO, by kind of file, with how often: nothing that
     * users see, but often a check that is missing.
     */
    public Map<String, Integer> caught() {
        return caught;
    }

    /** How many readings the rounds made, of one node each. */
    public int readings() {
        return readings;
    }

    /** How many of them gave something else than the unchanged dump. */
    public int changedReadings() {
        return changedReadings;
    }

    /** The files and directories that are read, how many. */
    public int subjects() {
        return subjects.size();
    }

    /**
     * Runs rounds {@code first} to {@code first + count - 1}.
     *
     * @param mostFailures after so many it stops
     * @param running hears of each round and file when it begins, so that a hang can be named
     */
    public List<Failure> run(int first, int count, int mostFailures, Consumer<String> running) {
        List<Failure> failures = new ArrayList<>();
        for (int round = first; round < first + count && failures.size() < mostFailures; round++) {
            round(round, failures, running);
        }
        return failures;
    }

    /**
     * Profiles the kernel from changed dumps, {@code count} times from round {@code first} on. It must come to a profile or
     * say that there is none.
     */
    public List<Failure> discover(int first, int count, int mostFailures, Consumer<String> running) {
        RecordingMemory recording = new RecordingMemory(memory);
        KernelProfile.discover(recording, DiscoveryListener.NONE);
        long[] frames = recording.frames();
        List<Failure> failures = new ArrayList<>();
        for (int round = first; round < first + count && failures.size() < mostFailures; round++) {
            SplittableRandom random = new SplittableRandom(~seed * 1_000_003 + round);
            Map<Long, Long> changes = changes(memory, frames, DISCOVERY_FRAMES, random);
            running.accept("seed %d discovery %d".formatted(seed, round));
            try (GuestMemory flipped = new FlippedMemory(memory, changes)) {
                KernelProfile.discover(flipped, DiscoveryListener.NONE).epoch(flipped);
            } catch (DiscoveryException | MemoryFault ordinary) {
                // Told in one line.
            } catch (Throwable failure) {
                failures.add(new Failure(seed, round, "(discovery)", describe(changes), failure));
            }
        }
        return failures;
    }

    private void round(int round, List<Failure> failures, Consumer<String> running) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + round);
        List<Subject> chosen = new ArrayList<>();
        int files = 1 + random.nextInt(MOST_FILES);
        while (chosen.size() < files) {
            Subject subject = subjects.get(random.nextInt(subjects.size()));
            if (subject.work() <= EXPENSIVE || random.nextInt(20) == 0) {
                chosen.add(subject);
            }
        }
        Map<Long, Long> changes = changes(memory, frames(chosen, random), 1 + random.nextInt(MOST_FRAMES), random);
        try (GuestMemory flipped = new FlippedMemory(memory, changes)) {
            Work work = new Work();
            Kernel kernel;
            try {
                kernel = work.count(profile.epoch(flipped));
            } catch (MemoryFault unreadable) {
                // Not even the kernel's page tables stand: who opens a VM is told so.
                return;
            }
            Directory root = new ProcFs(() -> kernel).root();
            for (Subject subject : chosen) {
                running.accept("seed %d round %d: /proc/%s".formatted(seed, round, subject.path()));
                work.start(Math.max(WORK, subject.work() * WORK_FACTOR));
                try {
                    readings++;
                    changedReadings += visit(root, subject.path()) != subject.sum() ? 1 : 0;
                } catch (Throwable failure) {
                    failures.add(new Failure(seed, round, subject.path(), describe(changes), failure));
                }
            }
            kernel.anomalies().list().stream().filter(anomaly -> anomaly.contains(": java.")).forEach(anomaly -> {
                int end = anomaly.indexOf(": java.");
                caught.merge(Patterns.of(anomaly.substring(0, end)) + anomaly.substring(end).replaceAll("[0-9]+", "N"), 1,
                        Integer::sum);
            });
        }
    }

    /**
     * Looks a node up and asks it for everything it has.
     *
     * @return a checksum of what came, error numbers too
     */
    static long visit(Directory root, String path) {
        CRC32 sum = new CRC32();
        try {
            Node node = root;
            for (String name : path.isEmpty() ? new String[0] : path.split("/")) {
                node = node instanceof Directory directory ? directory.lookup(name) : null;
            }
            if (node == null) {
                return -1;
            }
            try {
                add(sum, node.attributes().toString());
            } catch (VfsException ordinary) {
                // Its content may be there all the same.
                add(sum, ordinary.errno().name());
            }
            switch (node) {
                case Directory directory -> add(sum, directory.list().toString());
                case SymbolicLink link -> add(sum, link.target());
                case RegularFile file -> read(file, NeverRead.contains(path) ? CHUNK : LONGEST_FILE, sum);
                case SpecialFile special -> { }
            }
        } catch (VfsException ordinary) {
            add(sum, ordinary.errno().name());
        }
        return sum.getValue();
    }

    private static void add(CRC32 sum, String text) {
        sum.update(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void read(RegularFile file, long most, CRC32 sum) {
        try (RegularFile.OpenFile open = file.open()) {
            open.readAll(new byte[CHUNK], most, (bytes, length) -> sum.update(bytes, 0, length));
        }
    }

    /** The frames that the files read; mostly without those that very many read, or each round would end in the same. */
    private long[] frames(List<Subject> chosen, SplittableRandom random) {
        boolean all = random.nextInt(4) == 0;
        long[] own = chosen.stream().flatMapToLong(subject -> Arrays.stream(subject.frames())).distinct()
                .filter(frame -> all || readers.get(frame) < subjects.size() / COMMON).toArray();
        return own.length > 0 ? own
                : chosen.stream().flatMapToLong(subject -> Arrays.stream(subject.frames())).distinct().toArray();
    }

    /** @param frames addresses of those that may change  @param count how many do */
    static Map<Long, Long> changes(GuestMemory memory, long[] frames, int count, SplittableRandom random) {
        Map<Long, Long> changes = new TreeMap<>();
        byte[] page = new byte[4096];
        for (int i = 0; i < count && frames.length > 0; i++) {
            long frame = frames[random.nextInt(frames.length)];
            memory.read(frame, page, 0, page.length);
            int words = 1 + random.nextInt(MOST_WORDS);
            for (int j = 0; j < words; j++) {
                int offset = nonZeroWord(page, random);
                changes.put(frame + offset, changed(word(page, offset), page, random));
            }
        }
        return changes;
    }

    /** Mostly a word that holds something, since it is more likely to be one that matters. */
    private static int nonZeroWord(byte[] page, SplittableRandom random) {
        int offset = 0;
        for (int attempt = 0; attempt < 20; attempt++) {
            offset = random.nextInt(page.length / 8) * 8;
            if (word(page, offset) != 0) {
                return offset;
            }
        }
        return offset;
    }

    /** Flipped bits, and what an intruder would rather write: other pointers of the page, extremes, small steps. */
    private static long changed(long word, byte[] page, SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> word ^ 1L << random.nextInt(64);
            case 3 -> word ^ random.nextLong();
            case 4 -> word(page, nonZeroWord(page, random));
            case 5 -> random.nextBoolean() ? 0 : -1;
            case 6 -> word + 8L * (random.nextInt(257) - 128);
            default -> word & 0xffff_ffff_0000_0000L | random.nextInt() & 0xffff_ffffL;
        };
    }

    private static long word(byte[] page, int offset) {
        long word = 0;
        for (int i = 7; i >= 0; i--) {
            word = word << 8 | page[offset + i] & 0xff;
        }
        return word;
    }

    private String describe(Map<Long, Long> changes) {
        StringBuilder text = new StringBuilder();
        byte[] word = new byte[8];
        changes.forEach((address, value) -> {
            memory.read(address, word, 0, 8);
            text.append("%#x: %016x to %016x, ".formatted(address, word(word, 0), value));
        });
        return text.isEmpty() ? "no changes" : text.substring(0, text.length() - 2);
    }
}

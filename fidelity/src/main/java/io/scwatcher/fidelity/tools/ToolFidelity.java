package io.scwatcher.fidelity.tools;

import io.scwatcher.fidelity.CaptureMain;
import io.scwatcher.fidelity.LineDifference;
import io.scwatcher.fidelity.LineMatcher;
import io.scwatcher.fidelity.LineTolerance;
import io.scwatcher.kernel.discovery.DiscoveryListener;
import io.scwatcher.kernel.discovery.KernelProfile;
import io.scwatcher.memory.GuestMemories;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.memory.VmControl;
import io.scwatcher.testbed.Guest;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares what unmodified tools print in the OS emulation layer with what the same binaries print inside the guest: the guest runs the tool, stands
 * still while it runs outside, goes on and runs it again. A line that was the same both times must be identical outside; numbers that moved must lie
 * between. {@link OwnTraces} and {@link OwnShare} say what is excepted.
 */
public final class ToolFidelity {
    /** What rises and falls between two readings needs more than one comparison; a difference is what each of them shows. */
    private static final int ROUNDS = 3;
    /** For the guest to come to rest after its first run. */
    private static final int REST_MILLIS = 300;
    private static final List<String> ENVIRONMENT = List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "USER=root",
            "LOGNAME=root", "SHELL=/bin/sh", "TERM=dumb", "COLUMNS=200", "LC_ALL=C");

    private final Guest guest;
    private final GuestMemory memory;
    private final KernelProfile profile;
    private final LayerRuns outside;

    private ToolFidelity(Guest guest, GuestMemory memory, KernelProfile profile, LayerRuns outside) {
        this.guest = guest;
        this.memory = memory;
        this.profile = profile;
        this.outside = outside;
    }

    /**
     * Compares. The guest goes on afterwards in any case.
     *
     * @param globs names of tools as the scoreboard has them; empty: all that take seconds
     * @param progress takes a line for each tool
     * @throws IOException one line: if a run inside fails
     * @throws GuestMemoryException one line: if the guest's memory cannot be read, or the guest not be paused
     * @throws io.scwatcher.kernel.discovery.DiscoveryException one line: if its kernel cannot be read
     */
    public static ToolScoreboard run(Guest guest, List<String> globs, Consumer<String> progress) throws IOException {
        try (GuestMemory memory = GuestMemories.open(guest.qmpSocket().toString()); LayerRuns outside = LayerRuns.of(guest.userSpace(), CaptureMain.cache())) {
            KernelProfile profile = KernelProfile.discover(memory, DiscoveryListener.NONE);
            ToolFidelity fidelity = new ToolFidelity(guest, memory, profile, outside);
            List<ToolResult> results = new ArrayList<>();
            for (ToolCase tool : selected(globs)) {
                ToolResult result = fidelity.compare(tool);
                results.add(result);
                progress.accept(ToolScoreboard.line(result));
            }
            return new ToolScoreboard(profile.release(), results);
        }
    }

    private static List<ToolCase> selected(List<String> globs) {
        if (globs.isEmpty()) {
            return ToolCatalogue.quick();
        }
        List<PathMatcher> matchers = globs.stream().map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob)).toList();
        List<ToolCase> all = new ArrayList<>(ToolCatalogue.quick());
        all.addAll(ToolCatalogue.lengthy());
        return all.stream().filter(tool -> matchers.stream().anyMatch(matcher -> matcher.matches(Path.of(tool.name())))).toList();
    }

    private ToolResult compare(ToolCase tool) throws IOException {
        ToolResult result = null;
        for (int round = 1; round <= ROUNDS && (result == null || !result.isRight()); round++) {
            result = once(tool, round);
        }
        return result;
    }

    private ToolResult once(ToolCase tool, int round) throws IOException {
        VmControl control = memory.control().orElseThrow(() -> new GuestMemoryException(
                guest.name() + " cannot be paused: another program holds its QMP socket"));
        try (GuestRuns inside = GuestRuns.start(guest, tool.command(), ENVIRONMENT)) {
            rest();
            ToolOutput ours;
            try (VmControl.Pause pause = control.pause()) {
                ours = outside.run(tool, ENVIRONMENT, profile.epoch(memory));
            }
            List<ToolOutput> guests = inside.finish();
            return judge(tool, guests.getFirst(), guests.getLast(), ours, round);
        }
    }

    static ToolResult judge(ToolCase tool, ToolOutput before, ToolOutput after, ToolOutput ours, int round) {
        List<LineDifference> differences = new ArrayList<>();
        LineTolerance tolerance = OwnShare.tolerance(tool.name());
        Set<String> outside = ours.out().lines().collect(Collectors.toCollection(HashSet::new));
        String first = tool.traces().without(before.out(), before::isOwn, outside);
        String second = tool.traces().without(after.out(), after::isOwn, outside);
        Set<String> inside = Stream.concat(before.out().lines(), after.out().lines()).collect(Collectors.toSet());
        String served = tool.traces().without(ours.out(), pid -> pid == before.shell(), inside);
        differences.addAll(new LineMatcher(tolerance).differences(first, second, served));
        differences.addAll(new LineMatcher(tolerance).differences(before.errors(), after.errors(), ours.errors()));
        if (ours.status() != before.status() && ours.status() != after.status()) {
            differences.add(new LineDifference("exit status " + before.status(), "exit status " + after.status(), "exit status " + ours.status()));
        }
        int lines = (int) (first.lines().count() + before.errors().lines().count());
        return new ToolResult(tool.name(), lines, differences, before.seconds(), ours.seconds(), round);
    }

    private static void rest() {
        try {
            Thread.sleep(REST_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.scwatcher.kernel.discovery;

import io.scwatcher.kernel.arch.Architecture;
import io.scwatcher.kernel.arch.KernelMapping;
import io.scwatcher.kernel.discovery.DiscoveryException.Category;
import io.scwatcher.kernel.symbol.VmcoreInfo;
import io.scwatcher.memory.GuestMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * From raw memory to a profile. Candidates are found by their VMCOREINFO, or by their page tables where no VMCOREINFO
 * leads to a kernel; each is examined by itself; among several intact kernels (remains of earlier boots) the one that
 * still owns the machine and has the latest clock is the one that runs.
 */
final class Discovery {
    private final GuestMemory memory;
    private final DiscoveryListener listener;
    private final List<Claim> seen = new ArrayList<>();

    /** What a VMCOREINFO says that is checked first. */
    private record Claim(KernelMapping mapping, String release, OptionalLong text) {}

    Discovery(GuestMemory memory, DiscoveryListener listener) {
        this.memory = memory;
        this.listener = listener;
    }

    KernelProfile run() {
        Examiner examiner = new Examiner();
        Optional<byte[]> carried = memory.vmcoreinfo();
        if (carried.isPresent()) {
            propose(VmcoreInfo.parse(carried.get(), 0, carried.get().length), examiner);
        }
        long start = System.nanoTime();
        VmcoreInfoScan scan = new VmcoreInfoScan(memory, note -> propose(note.info(), examiner), examiner::isDecided);
        scan.run();
        listener.done("search for VMCOREINFO", System.nanoTime() - start - examiner.nanoseconds,
                scan.count() + (scan.count() == 1 ? " note in " : " notes in ") + (scan.scanned() >> 20) + " MiB");
        List<KernelProfile> profiles = examiner.profiles;
        if (!anyOwnsMachine(profiles)) {
            profiles.addAll(withoutNotes());
        }
        if (profiles.isEmpty()) {
            throw examiner.failure != null ? examiner.failure : nothingFound();
        }
        return running(profiles);
    }

    /** Hands a VMCOREINFO on to be examined; copies of one count once. */
    private void propose(VmcoreInfo info, Examiner examiner) {
        for (Architecture architecture : Architecture.ALL) {
            KernelMapping mapping = architecture.mapping(info);
            Claim claim = new Claim(mapping, info.release(), info.symbol("_stext"));
            if (mapping != null && !seen.contains(claim)) {
                seen.add(claim);
                examiner.examine(Candidate.described(memory, mapping, info));
            }
        }
    }

    private List<KernelProfile> withoutNotes() {
        Examiner examiner = new Examiner();
        for (Architecture architecture : Architecture.ALL) {
            long start = System.nanoTime();
            List<Architecture.ImagePlace> places = architecture.searchImages(memory);
            listener.done("search for page tables", System.nanoTime() - start,
                    places.size() + " kernel " + (places.size() == 1 ? "image" : "images") + " of " + architecture.machine());
            for (Architecture.ImagePlace place : places) {
                examiner.examine(Candidate.placed(memory, architecture, place));
            }
        }
        if (examiner.profiles.isEmpty() && examiner.failure != null) {
            throw examiner.failure;
        }
        return examiner.profiles;
    }

    /** Remains of an earlier boot have been overwritten in part, or at least their clock stopped earlier. */
    private KernelProfile running(List<KernelProfile> profiles) {
        KernelProfile best = profiles.getFirst();
        if (profiles.size() > 1) {
            long start = System.nanoTime();
            for (KernelProfile profile : profiles) {
                boolean owns = profile.ownsMachine(memory);
                if (owns != best.ownsMachine(memory) ? owns : profile.clock(memory) > best.clock(memory)) {
                    best = profile;
                }
            }
            listener.done("choice", System.nanoTime() - start,
                    profiles.size() + " kernels are intact, " + best.release() + " is the one that runs");
        }
        return best;
    }

    private boolean anyOwnsMachine(List<KernelProfile> profiles) {
        for (KernelProfile profile : profiles) {
            if (profile.ownsMachine(memory)) {
                return true;
            }
        }
        return false;
    }

    private DiscoveryException nothingFound() {
        return new DiscoveryException(Category.NO_KERNEL, "no Linux kernel was found in " + memory.description()
                + "; check that the VM has booted and runs Linux on x86-64, then try again");
    }

    /** Examines candidates, one after the other. */
    private final class Examiner {
        private final List<KernelProfile> profiles = new ArrayList<>();
        private boolean decided;
        private RuntimeException failure;
        private long nanoseconds;

        void examine(Candidate candidate) {
            long start = System.nanoTime();
            try {
                KernelProfile profile = candidate.examine(listener);
                if (profile != null) {
                    profiles.add(profile);
                    decided |= profile.certainlyOwnsMachine(memory);
                }
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure;
            }
            nanoseconds += System.nanoTime() - start;
        }

        /** Whether a kernel was found that no other can have replaced, so that the search may end. */
        boolean isDecided() {
            return decided;
        }
    }
}

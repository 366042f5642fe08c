package io.scwatcher.host.agent;

import io.scwatcher.attestation.Bytes;
import io.scwatcher.channel.page.VmIdentity;
import io.scwatcher.host.FoundVm;
import io.scwatcher.host.Vms;
import io.scwatcher.kernel.discovery.DiscoveryException;
import io.scwatcher.kernel.discovery.DiscoveryListener;
import io.scwatcher.kernel.discovery.KernelProfile;
import io.scwatcher.memory.GuestMemories;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.memory.GuestMemoryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * A VM that an agent serves.
 *
 * @param name for people
 * @param others further names by which it may be asked for
 */
record ServedVm(String name, Set<String> others, VmIdentity identity, GuestMemory memory) {
    /** starttime of proc_pid_stat(5), counted behind the command's closing parenthesis. */
    private static final int START_TIME = 19;

    /** @param vm what {@link Vms#resolve} takes */
    static ServedVm open(String vm) {
        String resolved = Vms.resolve(vm);
        Optional<FoundVm> found = Vms.find().stream().filter(one -> resolved.equals(Integer.toString(one.pid())) || one.qmpSockets().contains(Path.of(resolved))).findFirst();
        GuestMemory memory = only(GuestMemories.candidates(resolved));
        try {
            return found.isPresent() ? ofProcess(vm, found.get(), memory) : ofFile(vm, resolved, memory);
        } catch (IOException e) {
            memory.close();
            throw new GuestMemoryException("cannot tell which life of " + vm + " this is: " + e.getMessage(), e);
        }
    }

    /** Where the memory map is not certain, the first in which a kernel is found is the right one. */
    private static GuestMemory only(List<GuestMemory> candidates) {
        GuestMemory right = null;
        for (GuestMemory memory : candidates) {
            if (right == null && (candidates.size() == 1 || hasKernel(memory))) {
                right = memory;
            } else {
                memory.close();
            }
        }
        if (right == null) {
            throw new GuestMemoryException("no kernel is found in the VM by any memory map that it can have");
        }
        return right;
    }

    private static boolean hasKernel(GuestMemory memory) {
        try {
            KernelProfile.discover(memory, DiscoveryListener.NONE);
            return true;
        } catch (DiscoveryException e) {
            return false;
        }
    }

    private static ServedVm ofProcess(String vm, FoundVm found, GuestMemory memory) throws IOException {
        String stat = Files.readString(Path.of("/proc", Integer.toString(found.pid()), "stat"), StandardCharsets.ISO_8859_1);
        String started = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[START_TIME];
        String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        String name = found.name().isEmpty() ? vm : found.name();
        Set<String> others = new TreeSet<>(List.of(vm, Integer.toString(found.pid())));
        return new ServedVm(name, others, new VmIdentity(uuid(found.uuid(), name), digest("process", boot, Integer.toString(found.pid()), started)), memory);
    }

    private static ServedVm ofFile(String vm, String resolved, GuestMemory memory) throws IOException {
        // A raw image may have the place of its hole behind its name.
        Path file = Path.of(resolved.replaceFirst(",.*", "")).toRealPath();
        String name = file.getFileName().toString();
        return new ServedVm(name, Set.of(vm), new VmIdentity(uuid("", file.toString()),
                digest("file", file.toString(), Long.toString(Files.size(file)), Files.getLastModifiedTime(file).toString())), memory);
    }

    /** The hypervisor's, or one made of the VM's name, so that it is the same the next time. */
    private static UUID uuid(String given, String name) {
        try {
            if (!given.isEmpty()) {
                return UUID.fromString(given);
            }
        } catch (IllegalArgumentException e) {
            // QEMU takes forms that Java does not.
        }
        return UUID.nameUUIDFromBytes(("scwatcher vm " + name + given).getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] digest(String... parts) {
        return Bytes.sha256(String.join("\n", parts).getBytes(StandardCharsets.UTF_8)).toArray();
    }

    boolean isCalled(String wanted) {
        return wanted.equals(name) || others.contains(wanted) || wanted.equalsIgnoreCase(identity.uuid().toString());
    }

    /** Why it can be read no more; null if it can. */
    String failure() {
        try {
            memory.check();
            return null;
        } catch (GuestMemoryException e) {
            return e.getMessage();
        }
    }
}

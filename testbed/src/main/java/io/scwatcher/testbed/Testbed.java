package io.scwatcher.testbed;

import io.scwatcher.testbed.GuestOptions.Acceleration;
import io.scwatcher.testbed.apt.PrivateApt;
import io.scwatcher.testbed.image.GuestPrograms;
import io.scwatcher.testbed.image.Initramfs;
import io.scwatcher.testbed.image.KernelImage;
import io.scwatcher.testbed.image.Kernels;
import io.scwatcher.testbed.image.UserSpace;
import io.scwatcher.testbed.local.Cache;
import io.scwatcher.testbed.local.HostCommand;
import io.scwatcher.testbed.local.RunDirectory;
import io.scwatcher.testbed.qemu.KvmCheck;
import io.scwatcher.testbed.qemu.QemuCommand;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Boots real VMs: QEMU guests made of the distribution's kernels and packages. Everything that is downloaded or built is
 * kept in the user's cache; later guests of the same kernel start within seconds.
 */
public final class Testbed {
    private static final long SWAP_BYTES = 64L << 20;

    private final Cache cache;
    private final Consumer<String> progress;
    private final Kernels kernels;
    private final UserSpace userSpace;

    /** @param progress receives one line for each thing that takes time */
    public Testbed(Consumer<String> progress) {
        this(Cache.ofUser(), progress);
    }

    Testbed(Cache cache, Consumer<String> progress) {
        this.cache = cache;
        this.progress = progress;
        PrivateApt apt = new PrivateApt(cache, progress);
        userSpace = new UserSpace(cache, apt, progress);
        kernels = new Kernels(cache, apt, userSpace, progress);
    }

    /** Downloads and builds what a guest with these options needs, without starting one. */
    public void prepare(GuestOptions options) {
        boot(options);
    }

    /**
     * Boots a guest and returns when its population has come to rest and it executes commands. It survives this process.
     *
     * @throws TestbedException if the name is taken, or the guest is not ready in time: the message ends with the end of
     *     its console log
     */
    public Guest up(GuestOptions options) {
        Booting booting = boot(options);
        boolean kvm = useKvm(options, booting.files());
        // Of two who start a guest of one name, the second must see the first one's guest, not its half-made directory.
        return cache.locked("guest-" + options.name(), () -> start(options, booting, kvm));
    }

    private Guest start(GuestOptions options, Booting booting, boolean kvm) {
        Path directory = newDirectory(options.name());
        long start = System.nanoTime();
        try {
            try (RandomAccessFile swap = new RandomAccessFile(directory.resolve("swap.img").toFile(), "rw")) {
                swap.setLength(SWAP_BYTES);
            }
            HostCommand.run(directory, Map.of(), QemuCommand.of(options, booting.files(), kvm, directory)).orFail("QEMU");
            long pid = Long.parseLong(Files.readString(directory.resolve("qemu.pid")).strip());
            Guest guest = Guest.create(directory, pid, options, booting.kernel().release(), kvm, userSpace.tree());
            awaitReady(guest, options.bootTimeoutSeconds());
            progress.accept("guest %s is ready after %.1f s (Linux %s, %s)".formatted(options.name(),
                    (System.nanoTime() - start) / 1e9, booting.kernel().release(), kvm ? "KVM" : "TCG"));
            return guest;
        } catch (IOException e) {
            abandon(directory);
            throw new TestbedException("cannot start the guest " + options.name() + ": " + e.getMessage(), e);
        } catch (RuntimeException e) {
            abandon(directory);
            throw e;
        }
    }

    private record Booting(KernelImage kernel, QemuCommand.Boot files) {
    }

    private Booting boot(GuestOptions options) {
        KernelImage kernel = options.kernel().own().map(own -> kernels.own(own.vmlinuz(), own.modules()))
                .orElseGet(() -> kernels.packaged(options.kernel().version(), options.kernel().flavour()));
        Path initramfs = Initramfs.of(cache, kernel, GuestPrograms.compiled(cache, progress));
        return new Booting(kernel, new QemuCommand.Boot(kernel.vmlinuz(), initramfs, userSpace.disk(), kernel.modulesDisk()));
    }

    private boolean useKvm(GuestOptions options, QemuCommand.Boot files) {
        if (options.acceleration() == Acceleration.TCG) {
            return false;
        }
        String whyNot = KvmCheck.whyNot(cache, files.vmlinuz(), files.initramfs(), progress);
        if (!whyNot.isEmpty() && options.acceleration() == Acceleration.KVM) {
            throw new TestbedException("KVM was asked for but " + whyNot + ": use --accel tcg");
        }
        progress.accept(whyNot.isEmpty() ? "running on KVM" : "running on TCG, QEMU's CPU emulation (KVM: " + whyNot + ")");
        return whyNot.isEmpty();
    }

    private static Path newDirectory(String name) {
        Path directory = RunDirectory.guests().resolve(name);
        Guest.find(name).ifPresentOrElse(running -> {
            throw new TestbedException("a guest named " + name + " is running: stop it with `testbed down " + name
                    + "` or choose another --name");
        }, () -> abandon(directory));
        try {
            return Files.createDirectory(directory);
        } catch (IOException e) {
            throw new TestbedException("cannot create " + directory + ": " + e.getMessage(), e);
        }
    }

    private static void abandon(Path directory) {
        try {
            Guest.stop(directory);
        } catch (IOException e) {
            throw new TestbedException("cannot remove " + directory + ": " + e.getMessage(), e);
        }
    }

    private void awaitReady(Guest guest, int seconds) throws IOException {
        FutureTask<ExecResult> first = new FutureTask<>(() -> guest.exec("cat", "/run/testbed/manifest.json"));
        Thread.ofVirtual().start(first);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (true) {
            try {
                ExecResult result = first.get(100, TimeUnit.MILLISECONDS);
                if (result.status() != 0) {
                    throw new TestbedException("the guest " + guest.name() + " could not make its population: " + consoleEnd(guest));
                }
                return;
            } catch (TimeoutException e) {
                String why = System.nanoTime() > deadline ? "was not ready within " + seconds + " s"
                        : !guest.isRunning() ? "exited while booting"
                        : consoleEnd(guest).contains("Kernel panic") ? "panicked while booting" : null;
                if (why != null) {
                    throw new TestbedException("the guest " + guest.name() + " " + why + "; its console ends with: "
                            + consoleEnd(guest), e);
                }
            } catch (ExecutionException e) {
                throw new TestbedException("the guest " + guest.name() + " does not answer (" + e.getCause().getMessage()
                        + "); its console ends with: " + consoleEnd(guest), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new TestbedException("interrupted while the guest " + guest.name() + " boots", e);
            }
        }
    }

    private static String consoleEnd(Guest guest) throws IOException {
        List<String> lines = Files.readString(guest.consoleLog(), StandardCharsets.ISO_8859_1).lines()
                .map(String::strip).filter(line -> !line.isEmpty()).toList();
        return lines.isEmpty() ? "(nothing)" : String.join(" | ", lines.subList(Math.max(0, lines.size() - 12), lines.size()));
    }
}

package io.scwatcher.testbed.qemu;

import io.scwatcher.testbed.local.Cache;
import io.scwatcher.testbed.local.HostCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Whether an ordinary guest really boots on KVM. A device file says little: where this machine is itself a VM, KVM may be
 * offered and still not run an unmodified kernel. So one is booted up to its first process, once per boot of this machine.
 */
public final class KvmCheck {
    private static final int LIMIT_SECONDS = 20;
    private static final String MARK = "testbed: probe kvm";

    private KvmCheck() {
    }

    /** Empty when KVM works; otherwise why it does not, in a few words. */
    public static String whyNot(Cache cache, Path vmlinuz, Path initramfs, Consumer<String> progress) {
        Path device = Path.of("/dev/kvm");
        if (!Files.exists(device)) {
            return "there is no /dev/kvm";
        }
        if (!Files.isReadable(device) || !Files.isWritable(device)) {
            return "/dev/kvm may not be used by this user";
        }
        return cache.locked("kvm-check", () -> {
            Path verdict = cache.directory().resolve("kvm-check");
            String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip() + " "
                    + HostCommand.run(QemuCommand.PROGRAM, "--version").output().lines().findFirst().orElse("");
            if (Files.exists(verdict)) {
                List<String> lines = Files.readAllLines(verdict);
                if (lines.size() == 2 && lines.getFirst().equals(boot)) {
                    return lines.get(1);
                }
            }
            progress.accept("trying whether a guest boots on KVM");
            String result = tryToBoot(vmlinuz, initramfs) ? "" : "an ordinary guest does not boot on it";
            Files.writeString(verdict, boot + "\n" + result + "\n");
            return result;
        });
    }

    private static boolean tryToBoot(Path vmlinuz, Path initramfs) throws IOException {
        Path log = Files.createTempFile("testbed-kvm", ".log");
        Process qemu = new ProcessBuilder(QemuCommand.PROGRAM, "-nodefaults", "-no-user-config", "-display", "none", "-machine",
                "q35,accel=kvm", "-cpu", "max", "-m", "512M", "-kernel", vmlinuz.toString(), "-initrd", initramfs.toString(),
                "-append", "console=ttyS0 panic=-1 testbed.probe=kvm", "-no-reboot", "-serial", "file:" + log)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            qemu.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            return Files.readString(log, java.nio.charset.StandardCharsets.ISO_8859_1).contains(MARK);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            qemu.destroyForcibly();
            Files.deleteIfExists(log);
        }
    }
}

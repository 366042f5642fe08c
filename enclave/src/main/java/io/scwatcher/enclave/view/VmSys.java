package io.scwatcher.enclave.view;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.CpuMasks;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.FileType;
import io.scwatcher.vfs.tree.MemoryDirectory;
import io.scwatcher.vfs.tree.MemoryFile;
import io.scwatcher.vprocfs.SysModule;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.function.Supplier;

/** The part of /sys that tools ask about processors and modules (Documentation/ABI/testing/sysfs-devices-system-cpu), read from the VM. */
public final class VmSys {
    private static final int FILE_SIZE = 4096;

    private VmSys() {}

    /**
     * @param epochs gives the kernel of the current epoch
     * @param proc the VM's /proc
     */
    public static Directory root(Supplier<Kernel> epochs, Directory proc) {
        MemoryDirectory cpu = new MemoryDirectory(0x20);
        cpu.put("online", mask(epochs, 0x21, "__cpu_online_mask"));
        cpu.put("possible", mask(epochs, 0x22, "__cpu_possible_mask"));
        cpu.put("present", mask(epochs, 0x23, "__cpu_present_mask"));
        MemoryDirectory devices = new MemoryDirectory(0x10).put("system", new MemoryDirectory(0x11).put("cpu", cpu));
        return new MemoryDirectory(1).put("devices", devices).put("fs", new MemoryDirectory(0x12)).put("kernel", new MemoryDirectory(0x13))
                .put("module", new SysModule(proc));
    }

    private static MemoryFile mask(Supplier<Kernel> epochs, long inode, String symbol) {
        return file(epochs, inode, kernel -> CpuMasks.list(CpuMasks.of(kernel, kernel.address(symbol))));
    }

    private static MemoryFile file(Supplier<Kernel> epochs, long inode, Function<Kernel, String> text) {
        return new MemoryFile(new Attributes(FileType.REGULAR, 0444, inode, 1, 0, 0, FILE_SIZE, 0, 0), () -> {
            Kernel kernel = epochs.get();
            return (VmView.read(kernel, () -> text.apply(kernel), "") + "\n").getBytes(StandardCharsets.US_ASCII);
        });
    }
}

package io.scwatcher.kernel.discovery;

import io.scwatcher.kernel.arch.Architecture;
import io.scwatcher.kernel.arch.KernelMapping;
import io.scwatcher.kernel.memory.KernelImage;
import io.scwatcher.kernel.memory.PhysicalMemory;
import io.scwatcher.kernel.symbol.Kallsyms;
import io.scwatcher.kernel.symbol.KallsymsLocator;
import io.scwatcher.kernel.symbol.VmcoreInfo;
import io.scwatcher.kernel.type.Btf;
import io.scwatcher.kernel.type.BtfException;
import io.scwatcher.kernel.type.BtfTypes;
import io.scwatcher.memory.GuestMemory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/** The steps from raw memory to a profile. */
final class Discovery {
    private static final String[] IMAGE_SYMBOLS = {"_stext", "init_uts_ns", "swapper_pg_dir", "init_top_pgt"};
    private static final int MAX_BTF = 256 << 20;

    private final GuestMemory memory;
    private final DiscoveryListener listener;
    private long stepStart;

    Discovery(GuestMemory memory, DiscoveryListener listener) {
        this.memory = memory;
        this.listener = listener;
    }

    KernelProfile run() {
        begin();
        List<VmcoreInfoScan.Note> notes = new VmcoreInfoScan(memory).run();
        end("VMCOREINFO", notes.size() + " found");
        for (VmcoreInfoScan.Note note : notes) {
            KernelProfile profile = profile(note);
            if (profile != null) {
                return profile;
            }
        }
        throw new DiscoveryException(DiscoveryException.Category.NO_KERNEL,
                "no Linux kernel was found in " + memory.description()
                        + ": is the VM up, and does it run Linux on x86-64?");
    }

    private KernelProfile profile(VmcoreInfoScan.Note note) {
        VmcoreInfo info = note.info();
        begin();
        OptionalLong stext = info.symbol("_stext");
        KernelMapping mapping = mapping(info);
        if (mapping == null || stext.isEmpty()) {
            return null;
        }
        PhysicalMemory physical = new PhysicalMemory(memory);
        if (!mapping.agreesOn(physical, stext.getAsLong())) {
            return null;
        }
        end("page tables", mapping.tables().levels() + " levels");

        begin();
        KernelImage image = new KernelImage(memory, mapping, stext.getAsLong());
        Kallsyms symbols = new KallsymsLocator(image, candidate -> agrees(candidate, info)).locate(info);
        if (symbols == null) {
            return null;
        }
        end("symbols", symbols.count() + " symbols");

        begin();
        BtfTypes types = types(image, symbols, info.release());
        end("types", types.count() + " types");
        return new KernelProfile(mapping, symbols, types, info.release(), banner(image, symbols));
    }

    private static KernelMapping mapping(VmcoreInfo info) {
        for (Architecture architecture : Architecture.ALL) {
            KernelMapping mapping = architecture.mapping(info);
            if (mapping != null) {
                return mapping;
            }
        }
        return null;
    }

    private static boolean agrees(Kallsyms symbols, VmcoreInfo info) {
        int agreeing = 0;
        for (String name : IMAGE_SYMBOLS) {
            OptionalLong expected = info.symbol(name);
            OptionalLong decoded = symbols.find(name);
            if (expected.isPresent() && decoded.isPresent()) {
                if (expected.getAsLong() != decoded.getAsLong()) {
                    return false;
                }
                agreeing++;
            }
        }
        return agreeing > 0;
    }

    private static BtfTypes types(KernelImage image, Kallsyms symbols, String release) {
        OptionalLong start = symbols.find("__start_BTF");
        OptionalLong stop = symbols.find("__stop_BTF");
        if (start.isEmpty() || stop.isEmpty()) {
            throw withoutTypes(release, "was built without CONFIG_DEBUG_INFO_BTF");
        }
        long length = stop.getAsLong() - start.getAsLong();
        byte[] data = length <= 0 || length > MAX_BTF ? null : image.read(start.getAsLong(), (int) length);
        if (data == null) {
            throw withoutTypes(release, "has its type information (BTF) outside memory");
        }
        try {
            return new BtfTypes(Btf.parse(data, null), null);
        } catch (BtfException broken) {
            throw withoutTypes(release, "has broken type information (BTF: " + broken.getMessage() + ")");
        }
    }

    private static DiscoveryException withoutTypes(String release, String why) {
        return new DiscoveryException(DiscoveryException.Category.UNSUPPORTED_KERNEL,
                "kernel " + release + " " + why + ", so its structures cannot be read: boot a kernel with BTF"
                        + " (distribution kernels since 2020 have it)");
    }

    private static String banner(KernelImage image, Kallsyms symbols) {
        OptionalLong at = symbols.find("linux_banner");
        byte[] text = new byte[512];
        if (at.isEmpty() || !image.read(at.getAsLong(), text, 0, text.length)) {
            return "";
        }
        int length = 0;
        while (length < text.length && text[length] != 0 && text[length] != '\n') {
            length++;
        }
        return new String(text, 0, length, StandardCharsets.ISO_8859_1);
    }

    private void begin() {
        stepStart = System.nanoTime();
    }

    private void end(String step, String found) {
        listener.done(step, System.nanoTime() - stepStart, found);
    }
}

package io.scwatcher.kernel.discovery;

import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.arch.Architecture;
import io.scwatcher.kernel.arch.Architecture.ImagePlace;
import io.scwatcher.kernel.arch.KernelMapping;
import io.scwatcher.kernel.discovery.DiscoveryException.Category;
import io.scwatcher.kernel.memory.KernelImage;
import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.kernel.memory.PhysicalMemory;
import io.scwatcher.kernel.symbol.Kallsyms;
import io.scwatcher.kernel.symbol.KallsymsLocator;
import io.scwatcher.kernel.symbol.VmcoreInfo;
import io.scwatcher.kernel.type.Btf;
import io.scwatcher.kernel.type.BtfException;
import io.scwatcher.kernel.type.BtfTypes;
import io.scwatcher.kernel.type.NoSuchFieldInKernel;
import io.scwatcher.memory.GuestMemory;
import java.util.OptionalLong;

/**
 * A kernel that may be in memory. The examination checks every statement about it against memory: page tables, version
 * texts, symbols, types and the first task must all agree.
 */
final class Candidate {
    private static final String BANNER_START = "Linux version ";
    private static final int MAX_BANNER = 1024;
    private static final int MAX_BTF = 256 << 20;
    private static final String[] DESCRIBED = {"_stext", "init_uts_ns", "swapper_pg_dir", "init_top_pgt"};

    private final GuestMemory memory;
    private final PhysicalMemory physical;
    private final Architecture architecture;
    private final ImagePlace place;
    private final VmcoreInfo info;
    private final KernelImage image;
    private KernelMapping mapping;

    private Candidate(GuestMemory memory, Architecture architecture, ImagePlace place, KernelMapping mapping,
            VmcoreInfo info) {
        this.memory = memory;
        this.physical = new PhysicalMemory(memory);
        this.architecture = architecture;
        this.place = place;
        this.mapping = mapping;
        this.info = info;
        this.image = new KernelImage(memory, place.shift(), place.start());
    }

    /** A kernel that a VMCOREINFO describes. */
    static Candidate described(GuestMemory memory, KernelMapping mapping, VmcoreInfo info) {
        long text = info.symbol("_stext").orElse(mapping.architecture().linkedImageBase());
        ImagePlace place = new ImagePlace(text, mapping.imageShift());
        return new Candidate(memory, mapping.architecture(), place, mapping, info);
    }

    /** A kernel of which only the image's place is known. */
    static Candidate placed(GuestMemory memory, Architecture architecture, ImagePlace place) {
        return new Candidate(memory, architecture, place, null, null);
    }

    /**
     * @return the kernel's profile, or null if there is none after all
     * @throws DiscoveryException if it is a kernel, but not one that can be read
     */
    KernelProfile examine(DiscoveryListener listener) {
        long start = System.nanoTime();
        if (mapping != null && !(mapping.agreesOn(physical, place.start()) && hasRelease())) {
            return null;
        }
        Kallsyms symbols = new KallsymsLocator(image, this::agrees).locate(info);
        if (symbols == null) {
            return withoutSymbols();
        }
        String banner = banner(symbols);
        String release = release(banner);
        listener.done("symbols", System.nanoTime() - start,
                symbols.count() + " symbols of kernel " + release);
        start = System.nanoTime();
        mapping = mapping != null ? mapping : architecture.mapping(place, physical, new ImageVariables(image, symbols));
        if (mapping == null) {
            return null;
        }
        String elsewhere = mappedElsewhere(symbols);
        if (elsewhere != null) {
            listener.done("remains of a boot", System.nanoTime() - start,
                    "kernel " + release + " is gone: its page tables no longer lead to " + elsewhere);
            return null;
        }
        BtfTypes types = types(symbols, release);
        listener.done("types", System.nanoTime() - start, types.count() + " types");
        start = System.nanoTime();
        KernelProfile profile = checked(symbols, types, release, banner);
        listener.done("check of the first task", System.nanoTime() - start,
                profile.pagingLevels() + "-level page tables, " + profile.cpus() + " CPUs");
        return profile;
    }

    /** What only looks like an image is dropped; what VMCOREINFO and page tables agree on is a kernel. */
    private KernelProfile withoutSymbols() {
        if (info == null) {
            return null;
        }
        throw unsupported(info.release(), "has no intact symbol table (damaged, or built without CONFIG_KALLSYMS)");
    }

    private KernelProfile checked(Kallsyms symbols, BtfTypes types, String release, String banner) {
        try {
            KernelProfile profile = new KernelProfile(mapping, symbols, types, release, banner, info, memory);
            Kernel kernel = profile.epoch(memory);
            if (kernel.object("init_task", "task_struct").string("comm", 16).startsWith("swapper")) {
                return profile;
            }
            throw unsupported(release, "has no first task where its symbols say");
        } catch (MemoryFault | NoSuchFieldInKernel broken) {
            throw unsupported(release, "cannot be read (" + broken.getMessage() + ")");
        }
    }

    /** A symbol of the image that the page tables do not map to the image any more, or null. */
    private String mappedElsewhere(Kallsyms symbols) {
        for (String symbol : KernelProfile.LASTING) {
            OptionalLong at = symbols.find(symbol);
            if (at.isPresent() && !mapping.agreesOn(physical, at.getAsLong())) {
                return symbol;
            }
        }
        return null;
    }

    /** Whether {@code init_uts_ns} holds the release that the VMCOREINFO claims. */
    private boolean hasRelease() {
        OptionalLong uts = info.symbol("init_uts_ns");
        byte[] names = uts.isEmpty() ? null : image.read(uts.getAsLong(), 512);
        String release = info.release();
        for (int at = 0; names != null && at + release.length() < names.length; at++) {
            int length = 0;
            while (length < release.length() && names[at + length] == (byte) release.charAt(length)) {
                length++;
            }
            if (length == release.length() && names[at + length] == 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether a decoded symbol table fits what is known: the addresses in VMCOREINFO, the place of the banner. */
    private boolean agrees(Kallsyms symbols) {
        for (String name : DESCRIBED) {
            OptionalLong expected = info == null ? OptionalLong.empty() : info.symbol(name);
            OptionalLong decoded = symbols.find(name);
            if (expected.isPresent() && decoded.isPresent() && expected.getAsLong() != decoded.getAsLong()) {
                return false;
            }
        }
        OptionalLong text = symbols.find("_stext");
        boolean inPlace = text.isPresent() && text.getAsLong() - place.start() >= 0 && image.contains(text.getAsLong());
        return inPlace && (symbols.find("linux_banner").isEmpty() || !banner(symbols).isEmpty());
    }

    private String banner(Kallsyms symbols) {
        OptionalLong at = symbols.find("linux_banner");
        String text = at.isEmpty() ? "" : image.string(at.getAsLong(), MAX_BANNER);
        int end = text.indexOf('\n');
        return text.startsWith(BANNER_START) ? end < 0 ? text : text.substring(0, end) : "";
    }

    private String release(String banner) {
        if (info != null) {
            return info.release();
        }
        int end = banner.indexOf(' ', BANNER_START.length());
        return end < 0 ? "" : banner.substring(BANNER_START.length(), end);
    }

    private BtfTypes types(Kallsyms symbols, String release) {
        if (symbols.find("init_task").isEmpty()) {
            throw unsupported(release, "names no variables (built without CONFIG_KALLSYMS_ALL)");
        }
        OptionalLong start = symbols.find("__start_BTF");
        OptionalLong stop = symbols.find("__stop_BTF");
        if (start.isEmpty() || stop.isEmpty()) {
            throw unsupported(release, "has no type information (built without CONFIG_DEBUG_INFO_BTF)");
        }
        long length = stop.getAsLong() - start.getAsLong();
        byte[] data = length <= 0 || length > MAX_BTF ? null : image.read(start.getAsLong(), (int) length);
        if (data == null) {
            throw unsupported(release, "has its type information (BTF) outside of memory");
        }
        try {
            return new BtfTypes(Btf.parse(data, null), null);
        } catch (BtfException broken) {
            throw unsupported(release, "has damaged type information (BTF: " + broken.getMessage() + ")");
        }
    }

    private static DiscoveryException unsupported(String release, String why) {
        return new DiscoveryException(Category.UNSUPPORTED_KERNEL, "kernel " + release + " " + why
                + ", so its structures cannot be read; boot a kernel with BTF and all symbols, as distributions build them");
    }
}

package io.scwatcher.memory.qemu;

import io.scwatcher.memory.PhysicalRange;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What answers at each guest-physical address, as QEMU's {@code info mtree -f -o} prints it: aliases and priorities are
 * resolved there. See softmmu/memory.c, mtree_print_flatview.
 */
final class FlatView {
    private static final Pattern LINE = Pattern.compile(
            "\\s+([0-9a-f]{16})-([0-9a-f]{16}) \\(prio -?\\d+, ([^)]+)\\): (.*?)(?: @([0-9a-f]{16}))?"
                    + "(?: KVM)?(?: (?:owner|parent):\\{([^}]*)\\}.*)?");
    private static final Pattern SYSTEM = Pattern.compile(" AS \"memory\", root: system");
    /** Before QEMU 5.0, RAM that has no backend object of its own: {@code pc.ram}, {@code mach-virt.ram}. */
    private static final Pattern MACHINE_RAM = Pattern.compile("[\\w-]+\\.ram");

    private FlatView() {}

    /**
     * A run of one memory region.
     *
     * @param region its name, as in {@code pc.ram}
     * @param offset in the region
     */
    record Section(PhysicalRange range, String region, long offset) {}

    /**
     * The guest's RAM, ascending. Device memory that is RAM to QEMU, as {@code vga.vram} or {@code pc.bios}, is not the
     * guest's; RAM that the chip set shows read-only for now is.
     *
     * @param backends names of the memory backends
     */
    static List<Section> ram(String text, List<String> backends) {
        List<Section> sections = new ArrayList<>();
        boolean system = false;
        for (String line : text.split("\r?\n")) {
            if (line.startsWith("FlatView")) {
                system = false;
            }
            system |= SYSTEM.matcher(line).lookingAt();
            Matcher match = LINE.matcher(line);
            if (!system || !match.matches() || !isRam(match, backends)) {
                continue;
            }
            long start = Long.parseUnsignedLong(match.group(1), 16);
            long end = Long.parseUnsignedLong(match.group(2), 16);
            long offset = match.group(5) == null ? 0 : Long.parseUnsignedLong(match.group(5), 16);
            if (start >= 0 && end > start && end != Long.MAX_VALUE) {
                append(sections, new Section(new PhysicalRange(start, end - start + 1), match.group(4), offset));
            }
        }
        return sections;
    }

    private static boolean isRam(Matcher line, List<String> backends) {
        String kind = line.group(3);
        if (!kind.equals("ram") && !kind.equals("rom") && !kind.equals("nv-ram") && !kind.equals("nv-rom")) {
            return false;
        }
        String owner = line.group(6);
        return owner != null && owner.contains("path=/objects/")
                || backends.contains(line.group(4))
                || MACHINE_RAM.matcher(line.group(4)).matches();
    }

    private static void append(List<Section> sections, Section next) {
        if (!sections.isEmpty()) {
            Section last = sections.getLast();
            if (last.region.equals(next.region) && last.range.end() == next.range.start()
                    && last.offset + last.range.length() == next.offset) {
                sections.removeLast();
                next = new Section(new PhysicalRange(last.range.start(), last.range.length() + next.range.length()),
                        last.region, last.offset);
            }
        }
        sections.add(next);
    }
}

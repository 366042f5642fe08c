package io.scwatcher.kernel.discovery;

import static io.scwatcher.kernel.type.BtfEncoder.member;

import io.scwatcher.kernel.arch.X86TableBuilder;
import io.scwatcher.kernel.memory.SyntheticRam;
import io.scwatcher.kernel.symbol.KallsymsEncoder;
import io.scwatcher.kernel.symbol.Symbol;
import io.scwatcher.kernel.type.BtfEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The smallest kernel that self-profiling accepts, laid into synthetic memory. */
final class SyntheticGuest {
    static final String RELEASE = "6.9.0-synthetic";
    static final int CANARY_OFFSET = 40;
    static final int IMAGE_SIZE = 6 << 20;

    private static final long START_KERNEL_MAP = 0xffff_ffff_8000_0000L;
    private static final int COMM_OFFSET = 16;
    private static final int RODATA = 2 << 20;
    private static final int DATA = 4 << 20;

    private final SyntheticRam ram;
    private final long physical;
    private final long text;
    private final int levels;
    private final List<Symbol> symbols = new ArrayList<>();
    private final KallsymsEncoder.Layout layout;
    private String release = RELEASE;
    private boolean withTypes = true;
    private long clock = 1_000_000_000_000L;
    private KallsymsEncoder kallsyms;
    private X86TableBuilder tables;
    private long root;

    /**
     * @param physical where the image lies
     * @param slide from where it was linked to run
     */
    SyntheticGuest(SyntheticRam ram, long physical, long slide, int levels, KallsymsEncoder.Layout layout) {
        this.ram = ram;
        this.physical = physical;
        this.text = START_KERNEL_MAP + 0x100_0000 + slide;
        this.levels = levels;
        this.layout = layout;
    }

    SyntheticGuest release(String release) {
        this.release = release;
        return this;
    }

    SyntheticGuest withoutTypes() {
        withTypes = false;
        return this;
    }

    /** Nanoseconds since 1970. */
    SyntheticGuest clock(long nanoseconds) {
        clock = nanoseconds;
        return this;
    }

    /** Writes the kernel's image, its tables and its symbols, but no VMCOREINFO. */
    SyntheticGuest boot() {
        pageTables();
        long banner = symbol("linux_banner", 'D', RODATA);
        put(banner, "Linux version " + release + " (synthetic) #1 SMP\n\0");
        symbol("_text", 'T', 0);
        symbol("_stext", 'T', 0);
        put(symbol("init_uts_ns", 'D', DATA) + 130, release + "\0");
        long task = symbol("init_task", 'D', DATA + 0x1000);
        put(task + COMM_OFFSET, "swapper/0\0");
        putU64(task + CANARY_OFFSET, 0x1234_5678_9abc_de00L + physical);
        putU64(symbol("__per_cpu_offset", 'R', DATA + 0x2000), 0x10_0000);
        putU64(text + DATA + 0x2008, 0x20_0000);
        putU64(symbol("__cpu_possible_mask", 'R', DATA + 0x3000), 0b1011);
        putU64(symbol("__cpu_online_mask", 'R', DATA + 0x3100), 0b0011);
        putU64(symbol("page_offset_base", 'D', DATA + 0x3200), 0xffff_9000_0000_0000L);
        putU64(symbol("vmemmap_base", 'D', DATA + 0x3300), 0xffff_ee00_0000_0000L);
        putU64(symbol("tk_core", 'd', DATA + 0x4000) + 8, clock);
        symbol("sysctl_bootid", 'b', DATA + 0x5000);
        for (int i = 0; i < 600; i++) {
            symbol("function_" + i, 't', 0x1000 + 64 * i);
        }
        byte[] btf = types();
        if (withTypes) {
            ram.put(toPhysical(text + RODATA + 0x1_0000), btf);
            symbol("__start_BTF", 'r', RODATA + 0x1_0000);
            symbol("__stop_BTF", 'r', RODATA + 0x1_0000 + btf.length);
        }
        symbols.sort((a, b) -> Long.compareUnsigned(a.address(), b.address()));
        kallsyms = new KallsymsEncoder(layout, text + RODATA + 0x10_0000, text);
        ram.put(toPhysical(text + RODATA + 0x10_0000), kallsyms.encode(symbols));
        return this;
    }

    /** Writes the VMCOREINFO note of this kernel to any page. */
    SyntheticGuest note(long page) {
        StringBuilder lines = new StringBuilder("OSRELEASE=" + release + "\nPAGESIZE=4096\n");
        lines.append("SYMBOL(init_uts_ns)=%x\n".formatted(text + DATA));
        lines.append("SYMBOL(swapper_pg_dir)=%x\n".formatted(toVirtual(root)));
        lines.append("SYMBOL(_stext)=%x\n".formatted(text));
        lines.append("NUMBER(phys_base)=%d\n".formatted(START_KERNEL_MAP - (text - physical)));
        lines.append("NUMBER(pgtable_l5_enabled)=%d\n".formatted(levels - 4));
        kallsyms.labels().forEach((name, at) -> lines.append("SYMBOL(%s)=%x\n".formatted(name, at)));
        byte[] note = lines.toString().getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer bytes = ByteBuffer.allocate(24 + note.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(11).putInt(note.length).putInt(0).put("VMCOREINFO\0\0".getBytes()).put(note);
        ram.put(page, bytes.array());
        return this;
    }

    long text() {
        return text;
    }

    long initTask() {
        return toPhysical(text + DATA + 0x1000);
    }

    List<Symbol> symbols() {
        return symbols;
    }

    /** Lets the page tables lead the kernel's data elsewhere, as when another kernel uses their pages. */
    void loseData() {
        tables.map(text + DATA, 0, 1 << 21);
    }

    private void pageTables() {
        tables = new X86TableBuilder(ram, levels, physical + DATA + 0x8_0000);
        root = tables.root();
        for (int piece = 0; piece < IMAGE_SIZE >> 21; piece++) {
            tables.map(text + ((long) piece << 21), physical + ((long) piece << 21), 1 << 21);
        }
        tables.map(0xffff_ffff_ff5f_f000L, physical, 4096);
        symbol("init_top_pgt", 'D', DATA + 0x8_0000);
    }

    private static byte[] types() {
        BtfEncoder btf = new BtfEncoder();
        int u64 = btf.integer("long unsigned int", 8, 0);
        int s64 = btf.integer("long int", 8, BtfEncoder.SIGNED);
        int character = btf.integer("char", 1, BtfEncoder.SIGNED);
        int comm = btf.array(character, 16);
        btf.struct("task_struct", 64, member("flags", u64, 0), member("comm", comm, COMM_OFFSET),
                member("stack_canary", u64, CANARY_OFFSET));
        btf.struct("cpumask", 16, member("bits", btf.array(u64, 2), 0));
        btf.struct("page", 64, member("flags", u64, 0));
        int readBase = btf.struct("tk_read_base", 32, member("base", s64, 0), member("xtime_nsec", u64, 8),
                member("shift", u64, 16));
        int timekeeper = btf.struct("timekeeper", 48, member("offs_real", s64, 0), member("offs_boot", s64, 8),
                member("tkr_mono", readBase, 16));
        btf.struct("tk_data", 56, member("seq", u64, 0), member("timekeeper", timekeeper, 8));
        return btf.encode();
    }

    private long symbol(String name, char type, int offset) {
        symbols.add(new Symbol(text + offset, type, name));
        return text + offset;
    }

    private void put(long virtual, String content) {
        ram.put(toPhysical(virtual), content.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void putU64(long virtual, long value) {
        ram.putU64(toPhysical(virtual), value);
    }

    private long toPhysical(long virtual) {
        return virtual - text + physical;
    }

    private long toVirtual(long address) {
        return address - physical + text;
    }
}

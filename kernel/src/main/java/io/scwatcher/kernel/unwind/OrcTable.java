package io.scwatcher.kernel.unwind;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.memory.VirtualMemory;

/**
 * The kernel's table of how to find the caller's frame at each place of its code (arch/x86/include/asm/orc_types.h;
 * 4.14 and later).
 */
final class OrcTable {
    /** The registers that a frame can be found from, whatever numbers the kernel gives them. */
    enum Base { UNDEFINED, PREVIOUS_SP, SP, BP, SP_INDIRECT, BP_INDIRECT, OTHER }

    /** Kinds of frames. */
    enum Kind { CALL, REGISTERS, INTERRUPT, END, UNKNOWN }

    /** One entry. {@code isSignal}: the code above was interrupted, not called. */
    record Entry(Base sp, int spOffset, Base bp, int bpOffset, Kind kind, boolean isSignal, int register) {}

    private static final Base[] OLD_BASES = {Base.UNDEFINED, Base.PREVIOUS_SP, Base.OTHER, Base.OTHER, Base.BP, Base.SP,
        Base.OTHER, Base.OTHER, Base.BP_INDIRECT, Base.SP_INDIRECT};
    private static final Base[] NEW_BASES = {Base.UNDEFINED, Base.OTHER, Base.OTHER, Base.SP, Base.BP, Base.OTHER,
        Base.OTHER, Base.OTHER, Base.PREVIOUS_SP, Base.SP_INDIRECT, Base.BP_INDIRECT};
    private static final int OLD_SP = 5;
    private static final int NEW_SP = 3;
    private static final int SAMPLES = 256;

    private final Kernel kernel;
    private final VirtualMemory memory;
    private final KernelCode code;
    private final long places;
    private final long entries;
    private final int count;
    private final Base[] bases;
    private final boolean hasEnd;

    private OrcTable(Kernel kernel, KernelCode code) {
        this.kernel = kernel;
        this.memory = kernel.memory();
        this.code = code;
        this.places = kernel.address("__start_orc_unwind_ip");
        this.entries = kernel.address("__start_orc_unwind");
        this.count = (int) Math.clamp((kernel.address("__stop_orc_unwind_ip") - places) / Integer.BYTES, 0, 1 << 26);
        this.hasEnd = kernel.types().struct("orc_entry").has("end");
        this.bases = bases();
    }

    /** Null where the kernel has none, as when it was built with frame pointers. */
    static OrcTable of(Kernel kernel, KernelCode code) {
        boolean present = kernel.symbols().has("__start_orc_unwind_ip") && kernel.symbols().has("__start_orc_unwind")
                && kernel.symbols().has("__stop_orc_unwind_ip") && kernel.types().hasStruct("orc_entry");
        return present ? new OrcTable(kernel, code) : null;
    }

    /** {@code orc_find}: the entry for an address, or null. */
    Entry find(long address) {
        KObject module = code.module(address);
        if (module == null) {
            return search(places, entries, count, address);
        }
        if (!module.has("arch.orc_unwind") || module.get("arch.orc_unwind") == 0) {
            return null;
        }
        return search(module.get("arch.orc_unwind_ip"), module.get("arch.orc_unwind"),
                Math.clamp(module.get("arch.num_orcs"), 0, 1 << 24), address);
    }

    /** {@code __orc_find}: the last entry that starts at or below the address. */
    private Entry search(long ipTable, long entryTable, int length, long address) {
        int low = 0;
        int high = length - 1;
        int found = 0;
        while (low <= high) {
            int middle = low + high >>> 1;
            long at = ipTable + (long) middle * Integer.BYTES;
            if (Long.compareUnsigned(at + (int) memory.u32(at), address) <= 0) {
                found = middle;
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return length == 0 ? null : read(kernel.at(entryTable, "orc_entry").index(found));
    }

    private Entry read(KObject entry) {
        Base sp = base((int) entry.get("sp_reg"));
        Base bp = base((int) entry.get("bp_reg"));
        int type = (int) entry.get("type");
        Kind kind = hasEnd ? oldKind(type, sp, entry.get("end") != 0) : newKind(type);
        // Without a bit of its own, a frame of registers tells that the one above was interrupted.
        boolean signal = entry.has("signal") ? entry.get("signal") != 0
                : kind == Kind.REGISTERS || kind == Kind.INTERRUPT;
        return new Entry(sp, (short) entry.get("sp_offset"), bp, (short) entry.get("bp_offset"), kind, signal,
                (int) entry.get("sp_reg"));
    }

    /** Until 6.3 the end of the stack was a bit, and code without a frame had no base register. */
    private static Kind oldKind(int type, Base sp, boolean end) {
        if (sp == Base.UNDEFINED) {
            return end ? Kind.END : Kind.UNKNOWN;
        }
        return type == 0 ? Kind.CALL : type == 1 ? Kind.REGISTERS : type == 2 ? Kind.INTERRUPT : Kind.UNKNOWN;
    }

    private static Kind newKind(int type) {
        return switch (type) {
            case 1 -> Kind.END;
            case 2 -> Kind.CALL;
            case 3 -> Kind.REGISTERS;
            case 4 -> Kind.INTERRUPT;
            default -> Kind.UNKNOWN;
        };
    }

    private Base base(int number) {
        return number < bases.length ? bases[number] : Base.OTHER;
    }

    /** The register numbers, macros, were given anew in 6.18: most frames are found from the stack pointer. */
    private Base[] bases() {
        int oldStyle = 0;
        int newStyle = 0;
        for (int i = 0; i < SAMPLES && count > 0; i++) {
            long register = kernel.at(entries, "orc_entry").index((long) i * count / SAMPLES).get("sp_reg");
            oldStyle += register == OLD_SP ? 1 : 0;
            newStyle += register == NEW_SP ? 1 : 0;
        }
        return newStyle > oldStyle ? NEW_BASES : OLD_BASES;
    }
}

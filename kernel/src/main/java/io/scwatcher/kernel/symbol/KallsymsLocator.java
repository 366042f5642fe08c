package io.scwatcher.kernel.symbol;

import io.scwatcher.kernel.memory.KernelImage;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * Finds the {@code kallsyms} tables in a kernel's image and how their addresses are encoded. What a VMCOREINFO says about
 * them is used where it says something (6.0 on); elsewhere they are searched for. Either way a result counts only if
 * {@code verified} accepts the decoded table.
 */
public final class KallsymsLocator {
    private final KernelImage image;
    private final Predicate<Kallsyms> verified;

    public KallsymsLocator(KernelImage image, Predicate<Kallsyms> verified) {
        this.image = image;
        this.verified = verified;
    }

    /** The symbol table, or null if none is there that verifies. */
    public Kallsyms locate(VmcoreInfo info) {
        Kallsyms named = info == null ? null : named(info);
        return named != null ? named : new KallsymsSearch(image).find(this::decode);
    }

    private Kallsyms named(VmcoreInfo info) {
        OptionalLong names = info.symbol("kallsyms_names");
        OptionalLong countAt = info.symbol("kallsyms_num_syms");
        OptionalLong tokenTable = info.symbol("kallsyms_token_table");
        OptionalLong tokenIndex = info.symbol("kallsyms_token_index");
        if (names.isEmpty() || countAt.isEmpty() || tokenTable.isEmpty() || tokenIndex.isEmpty()) {
            return null;
        }
        byte[] count = image.read(countAt.getAsLong(), Integer.BYTES);
        byte[] tokens = between(tokenTable.getAsLong(), tokenIndex.getAsLong(), 1 << 16);
        byte[] index = image.read(tokenIndex.getAsLong(), 2 * KallsymsNames.TOKENS);
        byte[] compressed = between(names.getAsLong(), tokenTable.getAsLong(), 1 << 26);
        if (count == null || tokens == null || index == null || compressed == null) {
            return null;
        }
        for (boolean wide : new boolean[] {true, false}) {
            KallsymsNames parsed = KallsymsNames.parse(compressed, 0, u32(count), tokens, index, wide);
            Kallsyms found = parsed == null ? null : withAddresses(parsed, info);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private Kallsyms withAddresses(KallsymsNames names, VmcoreInfo info) {
        OptionalLong absolute = info.symbol("kallsyms_addresses");
        if (absolute.isPresent()) {
            return decode(names, absolute.getAsLong(), 0, AddressEncoding.ABSOLUTE);
        }
        OptionalLong offsets = info.symbol("kallsyms_offsets");
        if (offsets.isEmpty()) {
            return null;
        }
        OptionalLong base = info.symbol("kallsyms_relative_base");
        if (base.isEmpty()) {
            return decode(names, offsets.getAsLong(), 0, AddressEncoding.PLACE_RELATIVE);
        }
        Kallsyms found = decode(names, offsets.getAsLong(), base.getAsLong(), AddressEncoding.RELATIVE_OR_ABSOLUTE);
        return found != null ? found : decode(names, offsets.getAsLong(), base.getAsLong(), AddressEncoding.RELATIVE);
    }

    /**
     * Decodes a table of addresses and keeps it only if it verifies.
     *
     * @param baseAt where {@code kallsyms_relative_base} lies, if the encoding uses it
     */
    private Kallsyms decode(KallsymsNames names, long table, long baseAt, AddressEncoding encoding) {
        byte[] bytes = image.read(table, names.count() * encoding.width());
        byte[] base = baseAt == 0 ? new byte[Long.BYTES] : image.read(baseAt, Long.BYTES);
        if (bytes == null || base == null) {
            return null;
        }
        Kallsyms decoded = new Kallsyms(names, encoding.decode(bytes, table, u64(base), names.count()));
        return verified.test(decoded) ? decoded : null;
    }

    private byte[] between(long from, long to, int limit) {
        return to - from > 0 && to - from <= limit ? image.read(from, (int) (to - from)) : null;
    }

    private static int u32(byte[] bytes) {
        return bytes[0] & 0xff | (bytes[1] & 0xff) << 8 | (bytes[2] & 0xff) << 16 | bytes[3] << 24;
    }

    private static long u64(byte[] bytes) {
        long value = 0;
        for (int i = Long.BYTES - 1; i >= 0; i--) {
            value = value << 8 | bytes[i] & 0xff;
        }
        return value;
    }
}

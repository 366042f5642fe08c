package io.scwatcher.kernel.symbol;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes kallsyms tables as scripts/kallsyms.c of different ages does. The compression is a plain one: each letter is its
 * own token, and a few frequent pairs and words use the token numbers that no letter needs.
 */
public final class KallsymsEncoder {
    /** Order, encoding and alignment of the tables. */
    public enum Layout {
        V4_19_ABSOLUTE(8, AddressEncoding.ABSOLUTE, true, false, 8, false),
        V5_10(8, AddressEncoding.RELATIVE_OR_ABSOLUTE, true, false, 4, false),
        V6_1_WITH_SEQS(8, AddressEncoding.RELATIVE_OR_ABSOLUTE, true, true, 4, true),
        V6_1_ARM(8, AddressEncoding.RELATIVE, true, true, 4, true),
        V6_4(8, AddressEncoding.RELATIVE_OR_ABSOLUTE, false, true, 4, true),
        V6_15(8, AddressEncoding.RELATIVE, false, true, 4, true),
        V7_0(4, AddressEncoding.PLACE_RELATIVE, false, true, 4, true);

        final int alignment;
        final AddressEncoding encoding;
        final boolean addressesFirst;
        final boolean seqs;
        final int markerWidth;
        final boolean wideLengths;

        Layout(int alignment, AddressEncoding encoding, boolean addressesFirst, boolean seqs, int markerWidth,
                boolean wideLengths) {
            this.alignment = alignment;
            this.encoding = encoding;
            this.addressesFirst = addressesFirst;
            this.seqs = seqs;
            this.markerWidth = markerWidth;
            this.wideLengths = wideLengths;
        }
    }

    private static final String[] WORDS = {"__", "_sys", "init", "read", "write", "lock", "get_", "ster", "tfunc"};

    private final Layout layout;
    private final long start;
    private final long relativeBase;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Map<String, Long> labels = new LinkedHashMap<>();
    private final String[] tokens = new String[256];

    /**
     * @param start where the tables will lie
     * @param relativeBase the lowest relative address
     */
    public KallsymsEncoder(Layout layout, long start, long relativeBase) {
        this.layout = layout;
        this.start = start;
        this.relativeBase = relativeBase;
        int word = 0;
        for (int t = 0; t < 256; t++) {
            boolean letter = t >= '0' && t <= '9' || t >= 'A' && t <= 'Z' || t >= 'a' && t <= 'z' || t == '_' || t == '.';
            tokens[t] = letter ? String.valueOf((char) t) : word < WORDS.length ? WORDS[word++] : "q" + t;
        }
    }

    /** Where each table starts, by the kernel's name for it. */
    public Map<String, Long> labels() {
        return labels;
    }

    public byte[] encode(List<Symbol> symbols) {
        if (layout.addressesFirst) {
            addresses(symbols);
        }
        names(symbols);
        if (layout.seqs && layout.addressesFirst) {
            seqs(symbols);
        }
        List<Integer> index = new ArrayList<>();
        label("kallsyms_token_table");
        int table = out.size();
        for (String token : tokens) {
            index.add(out.size() - table);
            out.writeBytes(token.getBytes(StandardCharsets.ISO_8859_1));
            out.write(0);
        }
        label("kallsyms_token_index");
        index.forEach(this::u16);
        if (!layout.addressesFirst) {
            addresses(symbols);
            seqs(symbols);
        }
        return out.toByteArray();
    }

    private void addresses(List<Symbol> symbols) {
        label(layout.encoding == AddressEncoding.ABSOLUTE ? "kallsyms_addresses" : "kallsyms_offsets");
        for (Symbol symbol : symbols) {
            long place = start + out.size();
            long address = symbol.address();
            switch (layout.encoding) {
                case ABSOLUTE -> u64(address);
                case RELATIVE -> u32((int) (address - relativeBase));
                case PLACE_RELATIVE -> u32((int) (address - place));
                case RELATIVE_OR_ABSOLUTE -> u32((int) (address < 0 ? relativeBase - 1 - address : address));
            }
        }
        if (layout.encoding == AddressEncoding.RELATIVE || layout.encoding == AddressEncoding.RELATIVE_OR_ABSOLUTE) {
            label("kallsyms_relative_base");
            u64(relativeBase);
        }
    }

    private void names(List<Symbol> symbols) {
        label("kallsyms_num_syms");
        u32(symbols.size());
        label("kallsyms_names");
        int names = out.size();
        List<Integer> markers = new ArrayList<>();
        for (int i = 0; i < symbols.size(); i++) {
            if (i % 256 == 0) {
                markers.add(out.size() - names);
            }
            byte[] compressed = compress(symbols.get(i).type() + symbols.get(i).name());
            if (compressed.length > 0x7f && layout.wideLengths) {
                out.write(compressed.length & 0x7f | 0x80);
                out.write(compressed.length >> 7);
            } else {
                out.write(compressed.length);
            }
            out.writeBytes(compressed);
        }
        label("kallsyms_markers");
        for (int marker : markers) {
            if (layout.markerWidth == 8) {
                u64(marker);
            } else {
                u32(marker);
            }
        }
    }

    private void seqs(List<Symbol> symbols) {
        label("kallsyms_seqs_of_names");
        for (int i = 0; i < symbols.size(); i++) {
            out.write(i >> 16);
            out.write(i >> 8);
            out.write(i);
        }
    }

    private byte[] compress(String text) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        int at = 0;
        while (at < text.length()) {
            int best = text.charAt(at);
            int length = 1;
            for (int t = 0; t < 256; t++) {
                if (tokens[t].length() > length && text.startsWith(tokens[t], at)) {
                    best = t;
                    length = tokens[t].length();
                }
            }
            compressed.write(best);
            at += length;
        }
        return compressed.toByteArray();
    }

    private void label(String name) {
        while (out.size() % layout.alignment != 0) {
            out.write(0);
        }
        labels.put(name, start + out.size());
    }

    private void u16(int value) {
        out.write(value);
        out.write(value >> 8);
    }

    private void u32(int value) {
        out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    }

    private void u64(long value) {
        out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    }
}

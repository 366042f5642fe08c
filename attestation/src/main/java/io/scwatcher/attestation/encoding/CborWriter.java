package io.scwatcher.attestation.encoding;

import io.scwatcher.attestation.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Makes items of CBOR in their deterministic form (RFC 8949, 4.2.1). What these return goes into each other. */
public final class CborWriter {
    private CborWriter() {}

    public static Bytes number(int value) {
        return head(0, value);
    }

    public static Bytes octets(Bytes value) {
        return head(2, value.length()).concat(value);
    }

    public static Bytes text(String value) {
        Bytes utf8 = Bytes.of(value.getBytes(StandardCharsets.UTF_8));
        return head(3, utf8.length()).concat(utf8);
    }

    public static Bytes array(Bytes... items) {
        Bytes array = head(4, items.length);
        for (Bytes item : items) {
            array = array.concat(item);
        }
        return array;
    }

    /** One entry of {@link #map}: its key and its value, each an item. */
    public record Entry(Bytes key, Bytes value) {}

    /** Entries come in the order of their keys' bytes. */
    public static Bytes map(List<Entry> entries) {
        ByteArrayOutputStream map = new ByteArrayOutputStream();
        map.writeBytes(head(5, entries.size()).toArray());
        entries.stream().sorted((a, b) -> Arrays.compareUnsigned(a.key.toArray(), b.key.toArray())).forEach(entry -> {
            map.writeBytes(entry.key.toArray());
            map.writeBytes(entry.value.toArray());
        });
        return Bytes.of(map.toByteArray());
    }

    public static Bytes tagged(int tag, Bytes item) {
        return head(6, tag).concat(item);
    }

    private static Bytes head(int type, int argument) {
        int bytes = argument < 24 ? 0 : argument < 1 << 8 ? 1 : argument < 1 << 16 ? 2 : 4;
        byte[] head = new byte[1 + bytes];
        head[0] = (byte) (type << 5 | switch (bytes) {
            case 0 -> argument;
            case 1 -> 24;
            case 2 -> 25;
            default -> 26;
        });
        for (int i = 0; i < bytes; i++) {
            head[1 + i] = (byte) (argument >>> 8 * (bytes - 1 - i));
        }
        return Bytes.of(head);
    }
}

package io.scwatcher.attestation;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** An immutable string of bytes, as measurements, keys and digests are. Prints as lower-case hexadecimal. */
public final class Bytes {
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /** A copy of what is given. */
    public static Bytes of(byte... content) {
        return new Bytes(content.clone());
    }

    public static Bytes zeros(int length) {
        return new Bytes(new byte[length]);
    }

    /**
     * @param hex digits of either case, two for each byte
     * @throws IllegalArgumentException if it is anything else
     */
    public static Bytes ofHex(String hex) {
        return new Bytes(HexFormat.of().parseHex(hex));
    }

    public static Bytes sha256(byte[] content) {
        try {
            return new Bytes(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    public int length() {
        return content.length;
    }

    /** One byte, 0 to 255. */
    public int get(int index) {
        return content[index] & 0xff;
    }

    public byte[] toArray() {
        return content.clone();
    }

    public Bytes slice(int from, int to) {
        return new Bytes(Arrays.copyOfRange(content, from, to));
    }

    public Bytes concat(Bytes more) {
        byte[] all = Arrays.copyOf(content, content.length + more.content.length);
        System.arraycopy(more.content, 0, all, content.length, more.content.length);
        return new Bytes(all);
    }

    /** Bit by bit; both are of one length. */
    public Bytes and(Bytes mask) {
        if (mask.content.length != content.length) {
            throw new IllegalArgumentException("a mask of " + mask.content.length + " bytes for " + content.length);
        }
        byte[] masked = new byte[content.length];
        for (int i = 0; i < masked.length; i++) {
            masked[i] = (byte) (content[i] & mask.content[i]);
        }
        return new Bytes(masked);
    }

    public boolean isZero() {
        for (byte one : content) {
            if (one != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(content);
    }
}

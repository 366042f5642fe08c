package io.scwatcher.attestation.encoding;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One element of DER (ITU-T X.690), read strictly: tags below 31, definite lengths in their shortest form, nothing after the end.
 * What is constructed holds other elements, up to a depth of {@value #MAX_DEPTH} and {@value #MAX_CHILDREN} in each.
 */
public final class Der {
    public static final int BOOLEAN = 0x01;
    public static final int INTEGER = 0x02;
    public static final int BIT_STRING = 0x03;
    public static final int OCTET_STRING = 0x04;
    public static final int OBJECT_IDENTIFIER = 0x06;
    public static final int ENUMERATED = 0x0a;
    public static final int UTF8_STRING = 0x0c;
    public static final int PRINTABLE_STRING = 0x13;
    public static final int UTC_TIME = 0x17;
    public static final int GENERALIZED_TIME = 0x18;
    public static final int SEQUENCE = 0x30;
    public static final int SET = 0x31;

    private static final int MAX_DEPTH = 16;
    private static final int MAX_CHILDREN = 256;

    private final byte[] source;
    private final int tag;
    private final int from;
    private final int to;
    private final int depth;

    private Der(byte[] source, int tag, int from, int to, int depth) {
        this.source = source;
        this.tag = tag;
        this.from = from;
        this.to = to;
        this.depth = depth;
    }

    /** The one element that the bytes are. */
    public static Der parse(byte[] source) throws AttestationException {
        Der element = read(source, 0, source.length, 0);
        if (element.to != source.length) {
            throw malformed("bytes after the end");
        }
        return element;
    }

    private static Der read(byte[] source, int at, int end, int depth) throws AttestationException {
        if (end - at < 2) {
            throw malformed("an element ends early");
        }
        int tag = source[at] & 0xff;
        if ((tag & 0x1f) == 0x1f) {
            throw malformed("a tag of several bytes");
        }
        int length = source[at + 1] & 0xff;
        int content = at + 2;
        if (length >= 0x80) {
            int digits = length & 0x7f;
            if (digits == 0 || digits > 3 || digits > end - content) {
                throw malformed("a length in a form that DER does not have");
            }
            length = 0;
            for (int i = 0; i < digits; i++) {
                length = length << 8 | source[content++] & 0xff;
            }
            if (length < 0x80 || length >>> (8 * (digits - 1)) == 0) {
                throw malformed("a length that is not in its shortest form");
            }
        }
        if (length > end - content) {
            throw malformed("an element of " + length + " bytes where " + (end - content) + " are left");
        }
        return new Der(source, tag, content, content + length, depth);
    }

    public int tag() {
        return tag;
    }

    /** The elements in this one, which must have the tag. */
    public List<Der> children(int expectedTag) throws AttestationException {
        expect(expectedTag);
        if (depth >= MAX_DEPTH) {
            throw malformed("elements deeper than " + MAX_DEPTH);
        }
        List<Der> children = new ArrayList<>();
        for (int at = from; at < to;) {
            if (children.size() == MAX_CHILDREN) {
                throw malformed("more than " + MAX_CHILDREN + " elements in one");
            }
            Der child = read(source, at, to, depth + 1);
            children.add(child);
            at = child.to;
        }
        return children;
    }

    /** What an OCTET STRING holds. */
    public Bytes octets() throws AttestationException {
        expect(OCTET_STRING);
        return content();
    }

    /** What a BIT STRING of whole bytes holds. */
    public Bytes bits() throws AttestationException {
        expect(BIT_STRING);
        if (to == from || source[from] != 0) {
            throw malformed("bits that are not whole bytes");
        }
        return content().slice(1, to - from);
    }

    /** An OCTET STRING of one length. */
    public Bytes octets(int length) throws AttestationException {
        Bytes octets = octets();
        if (octets.length() != length) {
            throw malformed(octets.length() + " octets instead of " + length);
        }
        return octets;
    }

    /** A UTF8String or PrintableString. */
    public String string() throws AttestationException {
        if (tag != PRINTABLE_STRING) {
            expect(UTF8_STRING);
        }
        return new String(source, from, to - from, StandardCharsets.UTF_8);
    }

    /** An INTEGER or ENUMERATED that is not negative. */
    public BigInteger number(int expectedTag) throws AttestationException {
        expect(expectedTag);
        if (to == from || to - from > 1 && source[from] == 0 && source[from + 1] >= 0) {
            throw malformed("a number that is not in its shortest form");
        }
        if (source[from] < 0) {
            throw malformed("a negative number");
        }
        return new BigInteger(source, from, to - from);
    }

    /** An INTEGER or ENUMERATED from 0 up to a maximum. */
    public int number(int expectedTag, int maximum) throws AttestationException {
        BigInteger value = number(expectedTag);
        if (value.compareTo(BigInteger.valueOf(maximum)) > 0) {
            throw malformed("the number " + value + " is not in 0.." + maximum);
        }
        return value.intValue();
    }

    public boolean bool() throws AttestationException {
        expect(BOOLEAN);
        if (to - from != 1 || source[from] != 0 && source[from] != -1) {
            throw malformed("a boolean that is neither true nor false");
        }
        return source[from] != 0;
    }

    /** An object identifier in dots. */
    public String identifier() throws AttestationException {
        expect(OBJECT_IDENTIFIER);
        if (to == from || source[to - 1] < 0) {
            throw malformed("an object identifier that ends early");
        }
        StringBuilder dots = new StringBuilder();
        long arc = 0;
        for (int i = from; i < to; i++) {
            if (arc == 0 && source[i] == (byte) 0x80 || arc >>> 40 != 0) {
                throw malformed("an object identifier that is not in its shortest form");
            }
            arc = arc << 7 | source[i] & 0x7f;
            if (source[i] >= 0) {
                if (dots.isEmpty()) {
                    long first = Math.min(arc / 40, 2);
                    dots.append(first).append('.').append(arc - first * 40);
                } else {
                    dots.append('.').append(arc);
                }
                arc = 0;
            }
        }
        return dots.toString();
    }

    private Bytes content() {
        return Bytes.of(Arrays.copyOfRange(source, from, to));
    }

    private void expect(int expectedTag) throws AttestationException {
        if (tag != expectedTag) {
            throw malformed("tag 0x%02x instead of 0x%02x".formatted(tag, expectedTag));
        }
    }

    private static AttestationException malformed(String why) {
        return new AttestationException(Reason.CERTIFICATE_MALFORMED, "malformed DER: " + why);
    }
}

package io.scwatcher.attestation.encoding;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/** Makes elements of DER (ITU-T X.690). What these return goes into each other. */
public final class DerWriter {
    /** RFC 5280, 4.1.2.5: years from 2050 on take a GeneralizedTime. */
    private static final Instant UTC_TIME_ENDS = Instant.parse("2050-01-01T00:00:00Z");

    private DerWriter() {}

    public static byte[] element(int tag, byte[]... contents) {
        int length = Arrays.stream(contents).mapToInt(content -> content.length).sum();
        ByteArrayOutputStream element = new ByteArrayOutputStream(length + 5);
        element.write(tag);
        if (length >= 0x80) {
            byte[] digits = BigInteger.valueOf(length).toByteArray();
            int skip = digits[0] == 0 ? 1 : 0;
            element.write(0x80 | digits.length - skip);
            element.write(digits, skip, digits.length - skip);
        } else {
            element.write(length);
        }
        for (byte[] content : contents) {
            element.writeBytes(content);
        }
        return element.toByteArray();
    }

    public static byte[] sequence(byte[]... elements) {
        return element(Der.SEQUENCE, elements);
    }

    public static byte[] integer(BigInteger value) {
        return element(Der.INTEGER, value.toByteArray());
    }

    public static byte[] integer(long value) {
        return integer(BigInteger.valueOf(value));
    }

    public static byte[] enumerated(int value) {
        return element(Der.ENUMERATED, new byte[] {(byte) value});
    }

    public static byte[] bool(boolean value) {
        return element(Der.BOOLEAN, new byte[] {(byte) (value ? 0xff : 0)});
    }

    public static byte[] octets(byte[] content) {
        return element(Der.OCTET_STRING, content);
    }

    /** A BIT STRING of whole bytes. */
    public static byte[] bits(byte[] content) {
        return element(Der.BIT_STRING, new byte[1], content);
    }

    public static byte[] utf8(String text) {
        return element(Der.UTF8_STRING, text.getBytes(StandardCharsets.UTF_8));
    }

    public static byte[] time(Instant instant) {
        boolean utc = instant.isBefore(UTC_TIME_ENDS);
        String text = DateTimeFormatter.ofPattern(utc ? "yyMMddHHmmss'Z'" : "yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC).format(instant);
        return element(utc ? Der.UTC_TIME : Der.GENERALIZED_TIME, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** @param dots like 1.2.840.113741.1.13.1 */
    public static byte[] identifier(String dots) {
        long[] arcs = Arrays.stream(dots.split("\\.")).mapToLong(Long::parseLong).toArray();
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        writeArc(content, arcs[0] * 40 + arcs[1]);
        for (int i = 2; i < arcs.length; i++) {
            writeArc(content, arcs[i]);
        }
        return element(Der.OBJECT_IDENTIFIER, content.toByteArray());
    }

    private static void writeArc(ByteArrayOutputStream content, long arc) {
        int groups = Math.max(1, (70 - Long.numberOfLeadingZeros(arc)) / 7);
        for (int i = groups - 1; i >= 0; i--) {
            content.write((int) (arc >>> 7 * i & 0x7f) | (i > 0 ? 0x80 : 0));
        }
    }
}

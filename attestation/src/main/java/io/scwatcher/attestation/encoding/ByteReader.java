package io.scwatcher.attestation.encoding;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import java.util.Arrays;

/** Reads little-endian fields one after the other and never beyond the end. */
public final class ByteReader {
    private final byte[] source;
    private final String what;
    private final Reason malformed;
    private int position;

    /**
     * @param what names the source in messages
     * @param malformed what the failure to read is reported as
     */
    public ByteReader(byte[] source, String what, Reason malformed) {
        this.source = source;
        this.what = what;
        this.malformed = malformed;
    }

    public int position() {
        return position;
    }

    public int remaining() {
        return source.length - position;
    }

    public int u16() throws AttestationException {
        int at = advance(2);
        return source[at] & 0xff | (source[at + 1] & 0xff) << 8;
    }

    public long u32() throws AttestationException {
        return u16() | (long) u16() << 16;
    }

    /** A length of 32 bits that must fit into what is left. */
    public int length32() throws AttestationException {
        long length = u32();
        if (length > remaining()) {
            throw malformed("declares " + length + " bytes where " + remaining() + " are left");
        }
        return (int) length;
    }

    public Bytes bytes(int length) throws AttestationException {
        int at = advance(length);
        return Bytes.of(Arrays.copyOfRange(source, at, at + length));
    }

    /** Bytes that the format keeps for the future and that are zero until then. */
    public void reserved(int length) throws AttestationException {
        int at = position;
        if (!bytes(length).isZero()) {
            throw malformed("has a reserved field at " + at + " that is not zero");
        }
    }

    public void end() throws AttestationException {
        if (remaining() > 0) {
            throw malformed("has " + remaining() + " bytes too many");
        }
    }

    public AttestationException malformed(String why) {
        return new AttestationException(malformed, what + " " + why);
    }

    private int advance(int length) throws AttestationException {
        if (length > remaining()) {
            throw malformed("ends after " + source.length + " bytes, " + (length - remaining()) + " too early");
        }
        int at = position;
        position += length;
        return at;
    }
}

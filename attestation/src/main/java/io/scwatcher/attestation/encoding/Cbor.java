package io.scwatcher.attestation.encoding;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of CBOR (RFC 8949) that attestation needs: unsigned numbers up to 2^31 - 1, byte strings, texts, arrays, maps with
 * texts as keys, and tags; definite lengths, a depth up to {@value #MAX_DEPTH} and {@value #MAX_ITEMS} items in all.
 * Numbers longer than necessary are read, since Gramine 1.8 writes them.
 */
public sealed interface Cbor {
    int MAX_DEPTH = 8;
    int MAX_ITEMS = 256;

    record Number(int value) implements Cbor {}

    record Octets(Bytes value) implements Cbor {}

    record Text(String value) implements Cbor {}

    record Array(List<Cbor> items) implements Cbor {}

    record Dictionary(Map<String, Cbor> entries) implements Cbor {}

    record Tagged(int tag, Cbor item) implements Cbor {}

    /** The one item that the bytes are. */
    static Cbor parse(Bytes source) throws AttestationException {
        Parser parser = new Parser(ByteBuffer.wrap(source.toArray()));
        Cbor item = parser.item(0);
        if (parser.source.hasRemaining()) {
            throw malformed(parser.source.remaining() + " bytes after the end");
        }
        return item;
    }

    /** An array of so many items. */
    default List<Cbor> items(int count) throws AttestationException {
        if (this instanceof Array(List<Cbor> items) && items.size() == count) {
            return items;
        }
        throw malformed("no array of " + count);
    }

    default Bytes octets() throws AttestationException {
        if (this instanceof Octets(Bytes value)) {
            return value;
        }
        throw malformed("no byte string where one belongs");
    }

    default int number() throws AttestationException {
        if (this instanceof Number(int value)) {
            return value;
        }
        throw malformed("no number where one belongs");
    }

    default String text() throws AttestationException {
        if (this instanceof Text(String value)) {
            return value;
        }
        throw malformed("no text where one belongs");
    }

    default Map<String, Cbor> entries() throws AttestationException {
        if (this instanceof Dictionary(Map<String, Cbor> entries)) {
            return entries;
        }
        throw malformed("no map where one belongs");
    }

    static AttestationException malformed(String why) {
        return new AttestationException(Reason.EVIDENCE_MALFORMED, "malformed CBOR: " + why);
    }

    /** Reads items; what may be read is bounded before it is read. */
    final class Parser {
        private final ByteBuffer source;
        private int items;

        private Parser(ByteBuffer source) {
            this.source = source;
        }

        private Cbor item(int depth) throws AttestationException {
            if (depth > MAX_DEPTH || ++items > MAX_ITEMS) {
                throw malformed("deeper than " + MAX_DEPTH + ", or more than " + MAX_ITEMS + " items");
            }
            int head = octet();
            int argument = argument(head & 0x1f);
            return switch (head >> 5) {
                case 0 -> new Number(argument);
                case 2 -> new Octets(Bytes.of(octets(argument)));
                case 3 -> new Text(text(argument));
                case 4 -> array(argument, depth);
                case 5 -> dictionary(argument, depth);
                case 6 -> new Tagged(argument, item(depth + 1));
                default -> throw malformed("an item of type " + (head >> 5));
            };
        }

        private int argument(int information) throws AttestationException {
            if (information < 24) {
                return information;
            }
            if (information > 27) {
                throw malformed("a length that is not definite");
            }
            long value = 0;
            for (int i = 0; i < 1 << information - 24; i++) {
                if (value > Integer.MAX_VALUE >> 8) {
                    throw malformed("a number above 2^31 - 1");
                }
                value = value << 8 | octet();
            }
            return (int) value;
        }

        private int octet() throws AttestationException {
            return octets(1)[0] & 0xff;
        }

        private byte[] octets(int length) throws AttestationException {
            if (length > source.remaining()) {
                throw malformed(length + " bytes where " + source.remaining() + " are left");
            }
            byte[] octets = new byte[length];
            source.get(octets);
            return octets;
        }

        private String text(int length) throws AttestationException {
            try {
                return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets(length))).toString();
            } catch (CharacterCodingException e) {
                throw malformed("text that is not UTF-8");
            }
        }

        private Cbor array(int length, int depth) throws AttestationException {
            List<Cbor> content = new ArrayList<>();
            for (int i = 0; i < length; i++) {
                content.add(item(depth + 1));
            }
            return new Array(content);
        }

        private Cbor dictionary(int length, int depth) throws AttestationException {
            Map<String, Cbor> content = new LinkedHashMap<>();
            for (int i = 0; i < length; i++) {
                String key = item(depth + 1).text();
                if (content.put(key, item(depth + 1)) != null) {
                    throw malformed("two entries for \"" + key + "\"");
                }
            }
            return new Dictionary(content);
        }
    }
}

package io.scwatcher.memory.dump;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** zlib data of one page. */
final class Zlib {
    private static final ThreadLocal<Inflater> INFLATER = ThreadLocal.withInitial(Inflater::new);

    private Zlib() {}

    /** @param limit the most bytes that may come out */
    static byte[] decompress(byte[] input, int limit) throws CorruptDataException {
        Inflater inflater = INFLATER.get();
        inflater.reset();
        inflater.setInput(input);
        byte[] output = new byte[limit];
        try {
            int length = inflater.inflate(output);
            return length == limit ? output : Arrays.copyOf(output, length);
        } catch (DataFormatException e) {
            throw new CorruptDataException("no zlib data (" + e.getMessage() + ")");
        }
    }
}

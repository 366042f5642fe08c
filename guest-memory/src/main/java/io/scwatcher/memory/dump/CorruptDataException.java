package io.scwatcher.memory.dump;

/** Compressed data breaks its format. The message says how, to go behind "is". */
final class CorruptDataException extends Exception {
    CorruptDataException(String message) {
        super(message, null, false, false);
    }
}

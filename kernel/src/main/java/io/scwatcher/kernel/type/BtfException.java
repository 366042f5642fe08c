package io.scwatcher.kernel.type;

/** Bytes that are not well-formed BTF. */
public final class BtfException extends Exception {
    BtfException(String what) {
        super(what);
    }
}

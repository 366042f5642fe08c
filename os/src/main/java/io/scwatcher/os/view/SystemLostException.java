package io.scwatcher.os.view;

/** The system that programs are told about is gone for good: a run that asks about it ends. */
public final class SystemLostException extends RuntimeException {
    /** @param line for people: what is gone, and what to do */
    public SystemLostException(String line) {
        super(line, null, false, false);
    }
}

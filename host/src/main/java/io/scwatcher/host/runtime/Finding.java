package io.scwatcher.host.runtime;

/**
 * One thing that a runtime needs of the machine.
 *
 * @param what it is, as a noun
 * @param status whether it is there
 * @param detail what was found, and what to do where it is missing
 */
public record Finding(String what, Status status, String detail) {
    /** Whether it is there. */
    public enum Status {
        PRESENT,
        /** Nothing runs without it. */
        MISSING,
        /** It runs without, slower or only where nobody demands it. */
        LACKING,
        /** This user or this machine cannot tell. */
        UNKNOWN
    }

    static Finding present(String what, String detail) {
        return new Finding(what, Status.PRESENT, detail);
    }

    static Finding missing(String what, String detail) {
        return new Finding(what, Status.MISSING, detail);
    }

    static Finding lacking(String what, String detail) {
        return new Finding(what, Status.LACKING, detail);
    }

    static Finding unknown(String what, String detail) {
        return new Finding(what, Status.UNKNOWN, detail);
    }
}

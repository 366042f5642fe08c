package io.scwatcher.fidelity;

/** What the comparison says of one node of /proc. */
public enum Verdict {
    /** The guest read the same twice, and we serve the same. */
    IDENTICAL(true),
    /** It moved in the guest, and what we serve lies between the two readings. */
    WITHIN(true),
    /** Served, but something of it is not as it should be. */
    DIFFERING(false),
    /** The guest has it and we do not. */
    NOT_SERVED(false),
    /** We have it and the guest does not. */
    INVENTED(false);

    private final boolean good;

    Verdict(boolean good) {
        this.good = good;
    }

    /** Whether nothing is to be done about it. */
    public boolean isGood() {
        return good;
    }
}

package io.scwatcher.cpu.interpret;

import java.util.Arrays;

/** Where an indirect branch was seen to go, as distances from the page that it is in. Racy: may miss some. */
public final class BranchTargets {
    private static final int MAX = 64;

    private int[] distances = {};

    void add(long distance) {
        int[] known = distances;
        if (distance != (int) distance || known.length == MAX) {
            return;
        }
        for (int one : known) {
            if (one == distance) {
                return;
            }
        }
        int[] longer = Arrays.copyOf(known, known.length + 1);
        longer[known.length] = (int) distance;
        distances = longer;
    }

    /** At most 64. */
    public int[] distances() {
        return distances;
    }
}

package io.scwatcher.fidelity;

import java.util.List;

/**
 * A socket's timer in /proc/net/tcp that went off between the guest's readings, which its line's counts and
 * timeout show: it was set anew, to a time that lies between the two readings' only by chance.
 */
final class RestartedTimer implements LineTolerance {
    private static final int TIMER = 5;
    private static final int RETRANSMISSIONS = 6;
    private static final int PROBES = 8;
    private static final int TIMEOUT = 12;
    /** {@code TCP_RTO_MAX}: 120 seconds in hundredths. */
    private static final long LONGEST = 12_000;

    @Override
    public boolean accepts(String before, String after, String ours) {
        String[] first = before.strip().split("\\s+");
        String[] second = after.strip().split("\\s+");
        String[] served = ours.strip().split("\\s+");
        if (first.length <= PROBES || second.length != first.length || served.length != first.length
                || !wentOff(first, second) || !isTimer(served[TIMER])) {
            return false;
        }
        List<Token> earlier = Token.of(before);
        List<Token> later = Token.of(after);
        List<Token> tokens = Token.of(ours.replace(' ' + served[TIMER] + ' ', ' ' + second[TIMER] + ' '));
        if (earlier.size() != tokens.size() || later.size() != tokens.size()) {
            return false;
        }
        for (int i = 0; i < tokens.size(); i++) {
            if (!tokens.get(i).between(earlier.get(i), later.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** It counts down only, and each time it goes off another number of its line grows. */
    private static boolean wentOff(String[] first, String[] second) {
        boolean counted = !first[RETRANSMISSIONS].equals(second[RETRANSMISSIONS])
                || !first[PROBES].equals(second[PROBES])
                || first.length > TIMEOUT && !first[TIMEOUT].equals(second[TIMEOUT]);
        return counted || isTimer(first[TIMER]) && isTimer(second[TIMER]) && first[TIMER].compareTo(second[TIMER]) < 0;
    }

    private static boolean isTimer(String field) {
        return field.matches("0[14]:[0-9A-F]{8}") && Long.parseLong(field.substring(3), 16) <= LONGEST;
    }
}

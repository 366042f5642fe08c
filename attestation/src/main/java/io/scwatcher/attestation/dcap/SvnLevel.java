package io.scwatcher.attestation.dcap;

import io.scwatcher.attestation.AttestationException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What it means that an enclave or TDX module has at least a security version.
 *
 * @param status UP_TO_DATE, OUT_OF_DATE or REVOKED
 */
record SvnLevel(int isvSvn, Instant date, TcbStatus status, List<String> advisories) {
    private static final int MAX_LEVELS = 256;

    /** The levels of a document, the highest first. */
    static List<SvnLevel> read(Json from) throws AttestationException {
        List<SvnLevel> levels = new ArrayList<>();
        for (Json level : from.objects("tcbLevels", 1, MAX_LEVELS)) {
            TcbStatus status = level.status("tcbStatus");
            if (status != TcbStatus.UP_TO_DATE && status != TcbStatus.OUT_OF_DATE && status != TcbStatus.REVOKED) {
                throw level.wrong("tcbStatus", "is " + status + ", which no enclave or module can be");
            }
            levels.add(new SvnLevel(level.object("tcb").number("isvsvn", 0xffff), level.time("tcbDate"), status,
                    level.texts("advisoryIDs", MAX_LEVELS)));
        }
        levels.sort(Comparator.comparingInt(SvnLevel::isvSvn).reversed());
        for (int i = 1; i < levels.size(); i++) {
            if (levels.get(i).isvSvn == levels.get(i - 1).isvSvn) {
                throw from.wrong("tcbLevels", "has a level twice");
            }
        }
        return levels;
    }

    /** The highest level that a version reaches. */
    static Optional<SvnLevel> reachedBy(int isvSvn, List<SvnLevel> levels) {
        return levels.stream().filter(level -> isvSvn >= level.isvSvn).findFirst();
    }
}

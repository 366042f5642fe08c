package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.system.Timekeeping;
import io.scwatcher.vprocfs.ProcText;

/** /proc/fs/jbd2/DEVICE/info (fs/jbd2/journal.c, {@code jbd2_seq_info_show}). */
final class JournalFile {
    private static final String[] TIMES = {"rs_running", "rs_locked", "rs_flushing", "rs_logging"};
    private static final String[] LABELS = {"running transaction", "transaction was being locked",
        "flushing data (in ordered mode)", "logging transaction"};
    private static final String[] COUNTS = {"rs_handle_count", "rs_blocks", "rs_blocks_logged"};
    private static final String[] COUNTED = {"handles", "blocks", "logged blocks"};

    private JournalFile() {}

    /** @param journal a {@code journal_t} */
    static void print(KObject journal, ProcText out) {
        KObject statistics = journal.at("j_stats");
        long transactions = statistics.get("ts_tid");
        long requested = statistics.get("ts_requested");
        out.unsigned(transactions).put(" transactions (").unsigned(requested).put(" requested), each up to ");
        out.unsigned(journal.get("j_max_transaction_buffers") & 0xffff_ffffL).put(" blocks\n");
        if (transactions == 0) {
            return;
        }
        out.put("average: \n");
        int hz = Timekeeping.hz(journal.kernel());
        milliseconds(statistics.get("run.rs_wait"), transactions, hz, "waiting for transaction", out);
        milliseconds(statistics.get("run.rs_request_delay"), requested, hz, "request delay", out);
        for (int i = 0; i < TIMES.length; i++) {
            milliseconds(statistics.get("run." + TIMES[i]), transactions, hz, LABELS[i], out);
        }
        out.put("  ").unsigned(Long.divideUnsigned(journal.get("j_average_commit_time"), 1000));
        out.put("us average transaction commit time\n");
        for (int i = 0; i < COUNTS.length; i++) {
            long count = statistics.get("run." + COUNTS[i]) & 0xffff_ffffL;
            out.put("  ").unsigned(count / transactions).put(' ').put(COUNTED[i]).put(" per transaction\n");
        }
    }

    private static void milliseconds(long jiffies, long count, int hz, String label, ProcText out) {
        long average = count == 0 ? 0 : Long.divideUnsigned(jiffies, count);
        out.put("  ").unsigned(average * 1000 / hz & 0xffff_ffffL).put("ms ").put(label).put('\n');
    }
}

package io.scwatcher.os.syscall;

import io.scwatcher.os.abi.SystemCallNames;
import java.util.EnumMap;
import java.util.Map;
import java.util.StringJoiner;

/** The page that says which system calls there are, made from their table. */
public final class CompatibilityPage {
    private CompatibilityPage() {}

    /** Markdown. */
    public static String of(SystemCallTable table) {
        Map<Support, Integer> counts = new EnumMap<>(Support.class);
        StringBuilder rows = new StringBuilder();
        StringJoiner missing = new StringJoiner(", ");
        for (int number = 0; number < SystemCallTable.SIZE; number++) {
            SystemCallTable.Entry entry = table.entry(number);
            if (entry != null) {
                counts.merge(entry.support(), 1, Integer::sum);
                rows.append("| ").append(number).append(" | `").append(entry.name()).append("` | ").append(entry.support().name().toLowerCase()).append(" | ")
                        .append(entry.note()).append(" |\n");
            } else if (SystemCallNames.exists(number)) {
                missing.add("`" + SystemCallNames.of(number) + "`");
            }
        }
        return """
                # System calls of the OS emulation layer
                Made from the table of system calls; a test checks that it is current. Numbers and names are those of Linux 6.12 on x86-64.

                - **full** (%d): as the manual page says.
                - **partial** (%d): the note says what is missing or different.
                - **refused** (%d): always fails, as on a Linux without the privilege or the feature; EPERM unless the note says otherwise.
                - What is not listed fails with ENOSYS and is counted.

                | number | name | support | note |
                |---|---|---|---|
                %s
                Missing: %s.
                """.formatted(counts.getOrDefault(Support.FULL, 0), counts.getOrDefault(Support.PARTIAL, 0), counts.getOrDefault(Support.REFUSED, 0), rows, missing);
    }
}

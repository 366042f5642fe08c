package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.fs.ProcDirEntry;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;
import java.util.function.BiConsumer;

/** The files that mounted file systems register below /proc/fs; each carries what it is about as its data. */
final class FileSystemFiles {
    private FileSystemFiles() {}

    /** The file of that path below /proc/fs ({@code ext4/vda1/options}), or null if nobody knows how to print it. */
    static SystemFile find(String kind, String device, String file) {
        if (kind.equals("jbd2") && file.equals("info")) {
            return of(kind, device, file, "journal_s", JournalFile::print);
        }
        BiConsumer<KObject, ProcText> printer = kind.equals("ext4") ? Ext4Files.find(file) : null;
        return printer == null ? null : of(kind, device, file, "super_block", printer);
    }

    private static SystemFile of(String kind, String device, String file, String structure,
                                 BiConsumer<KObject, ProcText> printer) {
        return (kernel, out) -> {
            ProcDirEntry entry = ProcDirEntry.root(kernel);
            for (String name : new String[] {"fs", kind, device, file}) {
                entry = entry == null ? null : entry.child(name);
            }
            if (entry != null) {
                printer.accept(kernel.at(entry.object().get("data"), structure), out);
            }
        };
    }
}

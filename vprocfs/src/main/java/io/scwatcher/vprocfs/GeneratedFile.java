package io.scwatcher.vprocfs;

import io.scwatcher.kernel.Anomalies;
import io.scwatcher.kernel.memory.MemoryFault;
import io.scwatcher.kernel.type.NoSuchFieldInKernel;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.vfs.Attributes;
import io.scwatcher.vfs.Errno;
import io.scwatcher.vfs.RegularFile;
import io.scwatcher.vfs.VfsException;
import java.util.function.Consumer;

/** A regular file whose text is printed when it is opened. */
final class GeneratedFile implements RegularFile {
    private final String name;
    private final Attributes attributes;
    private final Anomalies anomalies;
    private final Consumer<ProcText> printer;

    /** @param name for anomalies: the path below /proc */
    GeneratedFile(String name, Attributes attributes, Anomalies anomalies, Consumer<ProcText> printer) {
        this.name = name;
        this.attributes = attributes;
        this.anomalies = anomalies;
        this.printer = printer;
    }

    @Override
    public Attributes attributes() {
        return attributes;
    }

    @Override
    public OpenFile open() {
        ProcText text = new ProcText();
        try {
            printer.accept(text);
        } catch (VfsException | GuestMemoryException refused) {
            throw refused;
        } catch (MemoryFault | NoSuchFieldInKernel | ProcText.TextTooLong broken) {
            keepWhatIsThere(text, broken.getMessage());
        } catch (RuntimeException | StackOverflowError broken) {
            // Hostile data can make any computation fail; the class name tells a defect of ours from a torn structure.
            keepWhatIsThere(text, broken.toString());
        }
        return new OpenText(text);
    }

    private void keepWhatIsThere(ProcText text, String why) {
        anomalies.record(name + ": " + why);
        if (text.size() == 0) {
            throw new VfsException(Errno.EIO);
        }
    }

    private record OpenText(ProcText text) implements OpenFile {
        @Override
        public int read(long position, byte[] destination, int offset, int length) {
            return text.read(position, destination, offset, length);
        }
    }
}

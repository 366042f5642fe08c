package io.scwatcher.os.fs.dev;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.FileStatus;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.view.SystemView;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** /dev/kmsg: the system's log as it was when the device was opened, a record each time it is read (Documentation/ABI/testing/dev-kmsg). */
final class KernelMessages extends FileDescription {
    static final int MINOR = 11;
    private static final int SEEK_SET = 0, SEEK_END = 2, SEEK_DATA = 3;

    private final List<SystemView.LogRecord> records;
    private int next;

    KernelMessages(SystemView system, Location at, int flags) {
        super(at, flags);
        this.records = system.log();
    }

    /** No record comes later, so nobody waits for one. */
    @Override
    public synchronized int read(byte[] to, int offset, int length) {
        if (next >= records.size()) {
            return -Errno.EAGAIN;
        }
        byte[] bytes = text(records.get(next)).getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length > length) {
            return -Errno.EINVAL;
        }
        next++;
        System.arraycopy(bytes, 0, to, offset, bytes.length);
        return bytes.length;
    }

    @Override
    public int write(byte[] from, int offset, int length) {
        return -Errno.EPERM;
    }

    @Override
    public boolean seekable() {
        return true;
    }

    @Override
    public synchronized long seek(long offset, int whence) {
        if (offset != 0) {
            return -Errno.ESPIPE;
        }
        if (whence != SEEK_SET && whence != SEEK_END && whence != SEEK_DATA) {
            return -Errno.EINVAL;
        }
        next = whence == SEEK_END ? records.size() : 0;
        return 0;
    }

    @Override
    public FileStatus status() {
        return location().inode().status();
    }

    /** {@code info_print_ext_header}, {@code msg_print_ext_body} (kernel/printk/printk.c). */
    private static String text(SystemView.LogRecord record) {
        StringBuilder text = new StringBuilder().append(record.facility() << 3 | record.level()).append(',').append(record.sequence()).append(',')
                .append(Long.toUnsignedString(Long.divideUnsigned(record.nanos(), 1000))).append(record.isContinuation() ? ",c;" : ",-;");
        escape(record.text(), text);
        dictionary("SUBSYSTEM", record.subsystem(), text);
        dictionary("DEVICE", record.device(), text);
        return text.toString();
    }

    private static void dictionary(String key, String value, StringBuilder text) {
        if (!value.isEmpty()) {
            text.append(' ').append(key).append('=');
            escape(value, text);
        }
    }

    private static void escape(String value, StringBuilder text) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c >= 127 || c == '\\') {
                text.append("\\x%02x".formatted((int) c));
            } else {
                text.append(c);
            }
        }
        text.append('\n');
    }
}

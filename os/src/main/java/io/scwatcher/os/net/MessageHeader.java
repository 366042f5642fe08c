package io.scwatcher.os.net;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.Task;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * {@code struct msghdr} in a program's memory.
 *
 * @param address where it lies
 * @param name address of the socket address, 0 for none
 * @param vectors address of the array of {@code struct iovec}
 * @param control address of the control messages
 */
record MessageHeader(long address, long name, int nameLength, long vectors, long vectorCount, long control, long controlLength) {
    static final int SIZE = 56;
    private static final int NAME_LENGTH = 8, CONTROL_LENGTH = 40, FLAGS = 48;
    private static final int MAX_VECTORS = 1024;

    /** @throws SystemCallException EFAULT, EINVAL, EMSGSIZE */
    static MessageHeader read(Task task, long address) {
        ByteBuffer in = ByteBuffer.wrap(task.memory().copyIn(address, SIZE)).order(ByteOrder.LITTLE_ENDIAN);
        long vectors = in.getLong(24);
        if (in.getInt(NAME_LENGTH) < 0) {
            throw SystemCallException.of(Errno.EINVAL);
        }
        if (Long.compareUnsigned(vectors, MAX_VECTORS) > 0) {
            throw SystemCallException.of(Errno.EMSGSIZE);
        }
        long control = in.getLong(CONTROL_LENGTH);
        if (control < 0) {
            throw SystemCallException.of(Errno.ENOBUFS);
        }
        return new MessageHeader(address, in.getLong(0), in.getInt(NAME_LENGTH), in.getLong(16), vectors, in.getLong(32), control);
    }

    void storeNameLength(Task task, int length) {
        task.memory().put32(address + NAME_LENGTH, length);
    }

    /** msg_controllen and msg_flags. */
    void storeResult(Task task, int control, int flags) {
        task.memory().put64(address + CONTROL_LENGTH, control);
        task.memory().put32(address + FLAGS, flags);
    }
}

package io.scwatcher.os.fs;

import io.scwatcher.os.abi.Errno;
import io.scwatcher.os.syscall.SystemCallException;
import io.scwatcher.os.task.Task;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The character devices of a layer by number: what a device file opens, wherever it lies. */
public final class Devices {
    /** Opens a device. */
    @FunctionalInterface
    public interface Driver {
        FileDescription open(Task task, int minor, Location at, int flags);
    }

    private final Map<Long, Driver> byNumber = new ConcurrentHashMap<>();
    private final Map<Integer, Driver> byMajor = new ConcurrentHashMap<>();

    public Devices register(int major, int minor, Driver driver) {
        byNumber.put(DeviceNumber.of(major, minor), driver);
        return this;
    }

    /** For all minor numbers that have no driver of their own. */
    public Devices register(int major, Driver driver) {
        byMajor.put(major, driver);
        return this;
    }

    /** @throws SystemCallException ENXIO where there is no such device */
    public FileDescription open(Task task, long device, Location at, int flags) {
        Driver driver = byNumber.getOrDefault(device, byMajor.get(DeviceNumber.major(device)));
        if (driver == null) {
            throw SystemCallException.of(Errno.ENXIO);
        }
        return driver.open(task, DeviceNumber.minor(device), at, flags);
    }
}

package io.scwatcher.host;

import java.nio.file.Path;
import java.util.List;

/**
 * A QEMU process of this host.
 *
 * @param name as given to QEMU or libvirt, "" if none was
 * @param uuid as given to QEMU, "" if none was
 * @param memoryBytes as on the command line; hot-plugged memory is not counted
 * @param machine QEMU's machine type, "" for its default
 * @param managedBy libvirt, or "" if nobody is known to
 * @param qmpSockets sockets that can be QMP, the likeliest first; whether one is free shows only on connecting
 */
public record FoundVm(int pid, String name, String uuid, long memoryBytes, String machine, String managedBy,
                      List<Path> qmpSockets, Attachment attachment) {
    /** How the VM's memory can be reached, the best way first. */
    public enum Attachment {
        SHARED_FILE("shared memory file, mapped"),
        PROCESS_WITH_QMP("/proc/PID/mem, map and pausing by QMP"),
        PROCESS("/proc/PID/mem, map derived; cannot be paused"),
        NOT_PERMITTED("not permitted: run as root");

        private final String description;

        Attachment(String description) {
            this.description = description;
        }

        /** For people, one line. */
        public String description() {
            return description;
        }
    }

    /** How a person would name it: by name if it has one. */
    public String label() {
        return name.isEmpty() ? Integer.toString(pid) : name + " (" + pid + ")";
    }
}

package io.scwatcher.os.net;

import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.task.Credentials;
import io.scwatcher.os.task.Task;
import java.util.List;

/**
 * What travels beside the bytes of a Unix socket (struct scm_cookie): open files, each with a reference, and who sent them.
 *
 * @param files SCM_RIGHTS
 * @param sender SCM_CREDENTIALS
 */
public record Ancillary(List<FileDescription> files, Sender sender) {
    /** struct ucred. */
    public record Sender(int pid, int uid, int gid) {
        public static final Sender NOBODY = new Sender(0, 65534, 65534);

        /** Whose messages a task's are. */
        public static Sender of(Task task) {
            Credentials who = task.credentials();
            return new Sender(task.group().id(), who.uid(), who.gid());
        }
    }

    public static Ancillary of(Sender sender) {
        return new Ancillary(List.of(), sender);
    }

    /** Lets go of the files. Not with the network's lock held: closing them may do anything. */
    public void release() {
        files.forEach(FileDescription::release);
    }
}

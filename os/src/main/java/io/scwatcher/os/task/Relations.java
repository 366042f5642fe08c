package io.scwatcher.os.task;

import static io.scwatcher.os.abi.Errno.EACCES;
import static io.scwatcher.os.abi.Errno.EINVAL;
import static io.scwatcher.os.abi.Errno.EPERM;
import static io.scwatcher.os.abi.Errno.ESRCH;

/** Process groups and sessions: kernel/sys.c (6.12). */
final class Relations {
    private Relations() {}

    static long setProcessGroup(Task task, int pid, int pgid) {
        Processes processes = task.layer().processes();
        ThreadGroup self = task.group();
        int target = pid == 0 ? self.id() : pid;
        int wanted = pgid == 0 ? target : pgid;
        if (wanted < 0) {
            return -EINVAL;
        }
        synchronized (processes) {
            ThreadGroup group = processes.group(target);
            if (group == null) {
                return -ESRCH;
            }
            if (group.parent == self) {
                if (group.session != self.session) {
                    return -EPERM;
                }
                if (group.executed) {
                    return -EACCES;
                }
            } else if (group != self) {
                return -ESRCH;
            }
            if (group.session.id() == group.id()) {
                return -EPERM;
            }
            if (wanted != target && processes.processGroup(wanted).stream().noneMatch(member -> member.session == self.session)) {
                return -EPERM;
            }
            processes.use(wanted);
            processes.disuse(group.processGroup);
            group.processGroup = wanted;
        }
        return 0;
    }

    static long newSession(Task task) {
        Processes processes = task.layer().processes();
        ThreadGroup group = task.group();
        synchronized (processes) {
            if (group.session.id() == group.id() || !processes.processGroup(group.id()).isEmpty()) {
                return -EPERM;
            }
            processes.use(group.id());
            processes.use(group.id());
            processes.disuse(group.processGroup);
            processes.disuse(group.session.id());
            group.session = new Session(group.id());
            group.processGroup = group.id();
        }
        return group.id();
    }
}

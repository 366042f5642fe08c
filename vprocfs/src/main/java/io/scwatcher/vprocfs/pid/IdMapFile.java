package io.scwatcher.vprocfs.pid;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.task.UserNamespace;
import io.scwatcher.vprocfs.ProcText;
import java.util.List;

/**
 * /proc/PID/uid_map, gid_map, projid_map: kernel/user_namespace.c {@code uid_m_show}. The lower ids are told as the
 * reader's namespace, the initial one, knows them.
 *
 * @param map the member of {@code struct user_namespace}
 */
record IdMapFile(String map) implements TaskFile {
    private static final int USERNS_SETGROUPS_ALLOWED = 1;

    @Override
    public void print(TaskView view, ProcText out) {
        view.requireAlive();
        List<UserNamespace.Extent> extents = new UserNamespace(view.task().credentials().userNamespace()).extents(map);
        for (UserNamespace.Extent extent : extents) {
            out.unsigned(extent.first() & 0xffff_ffffL, 10).put(' ');
            out.unsigned(extent.lowerFirst() & 0xffff_ffffL, 10).put(' ');
            out.unsigned(extent.count() & 0xffff_ffffL, 10).put('\n');
        }
    }

    /** /proc/PID/setgroups: {@code proc_setgroups_show}. */
    static void setgroups(TaskView view, ProcText out) {
        view.requireAlive();
        KObject namespace = view.task().credentials().userNamespace();
        out.put((namespace.get("flags") & USERNS_SETGROUPS_ALLOWED) != 0 ? "allow\n" : "deny\n");
    }
}

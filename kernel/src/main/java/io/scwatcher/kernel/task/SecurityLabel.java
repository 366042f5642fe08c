package io.scwatcher.kernel.task;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;

/** Labels that security modules put on tasks. AppArmor is known; security/apparmor/lsm.c {@code apparmor_getprocattr}. */
public final class SecurityLabel {
    private static final int LONGEST = 4096;
    private static final int MOST_PROFILES = 64;
    private static final String[] MODES = {"enforce", "complain", "kill", "unconfined", "user"};

    private SecurityLabel() {}

    /**
     * The label of a task.
     *
     * @param kind {@code current}, {@code prev} or {@code exec}
     * @return null if there is none
     */
    public static String of(Task task, String kind) {
        Kernel kernel = task.kernel();
        if (!isAppArmorActive(kernel)) {
            return null;
        }
        KObject label = switch (kind) {
            case "current" -> current(task);
            case "prev" -> fromContext(task, "previous");
            case "exec" -> fromContext(task, "onexec");
            default -> null;
        };
        return label == null || label.isNull() ? null : text(label);
    }

    private static boolean isAppArmorActive(Kernel kernel) {
        return kernel.symbols().has("apparmor_blob_sizes") && kernel.types().hasStruct("aa_label")
                && kernel.symbols().has("apparmor_initialized")
                && kernel.memory().u32(kernel.address("apparmor_initialized")) != 0;
    }

    private static KObject current(Task task) {
        KObject credentials = task.credentials().object();
        return behind(task.kernel(), credentials.get("security"), "lbs_cred");
    }

    /** {@code struct aa_task_ctx}, which lies in the task's own blob. */
    private static KObject fromContext(Task task, String member) {
        Kernel kernel = task.kernel();
        long blob = task.get("security");
        if (blob == 0) {
            return null;
        }
        KObject context = kernel.at(blob + offset(kernel, "lbs_task"), "aa_task_ctx");
        return context.ptr(member);
    }

    private static KObject behind(Kernel kernel, long blob, String part) {
        if (blob == 0) {
            return null;
        }
        long label = kernel.memory().u64(blob + offset(kernel, part));
        return label == 0 ? null : kernel.at(label, "aa_label");
    }

    private static long offset(Kernel kernel, String part) {
        return (int) kernel.object("apparmor_blob_sizes", "lsm_blob_sizes").get(part);
    }

    /** {@code aa_getprocattr}: the profiles' names, each with its mode. */
    private static String text(KObject label) {
        int size = Math.clamp(label.get("size"), 0, MOST_PROFILES);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < size; i++) {
            KObject profile = label.at("vec").index(i).deref();
            text.append(text.isEmpty() ? "" : "//&").append(profile.string("base.hname", LONGEST));
            boolean unconfined = profile.ptr("ns").get("unconfined") == profile.address();
            int mode = (int) profile.get("mode");
            if (!unconfined && mode >= 0 && mode < MODES.length) {
                text.append(" (").append(MODES[mode]).append(')');
            }
        }
        return text.toString();
    }
}

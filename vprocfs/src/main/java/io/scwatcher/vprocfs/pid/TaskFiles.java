package io.scwatcher.vprocfs.pid;

import io.scwatcher.vprocfs.mount.MountFiles;
import java.util.HashMap;
import java.util.Map;

/** All printers of /proc/PID and /proc/PID/task/TID by name. Which of them a guest has, its kernel tells. */
public final class TaskFiles {
    private static final Map<String, TaskFile> BY_NAME = new HashMap<>();

    static {
        BY_NAME.put("autogroup", AutogroupFile::print);
        BY_NAME.put("arch_status", ArchStatusFile::print);
        BY_NAME.put("auxv", new AuxvFile());
        BY_NAME.put("cgroup", CgroupFiles::cgroup);
        BY_NAME.put("children", ScalarFiles::children);
        BY_NAME.put("cmdline", new CmdlineFile());
        BY_NAME.put("comm", new CommFile());
        BY_NAME.put("coredump_filter", ScalarFiles::coreDumpFilter);
        BY_NAME.put("cpu_resctrl_groups", ResctrlFile::print);
        BY_NAME.put("cpuset", CgroupFiles::cpuset);
        BY_NAME.put("environ", new EnvironFile());
        BY_NAME.put("fail-nth", ScalarFiles::failNth);
        BY_NAME.put("gid_map", new IdMapFile("gid_map"));
        BY_NAME.put("io", new IoFile());
        BY_NAME.put("ksm_merging_pages", ScalarFiles::ksmMergingPages);
        BY_NAME.put("ksm_stat", ScalarFiles::ksm);
        BY_NAME.put("limits", new LimitsFile());
        BY_NAME.put("loginuid", ScalarFiles::loginUser);
        BY_NAME.put("make-it-fail", ScalarFiles::makeItFail);
        BY_NAME.put("maps", new MapsFile());
        BY_NAME.put("mountinfo", MountFiles::mountinfo);
        BY_NAME.put("mounts", MountFiles::mounts);
        BY_NAME.put("mountstats", MountFiles::mountstats);
        BY_NAME.put("numa_maps", NumaMapsFile::print);
        BY_NAME.put("oom_adj", ScalarFiles::oomAdjustment);
        BY_NAME.put("oom_score", new OomScoreFile());
        BY_NAME.put("oom_score_adj", ScalarFiles::oomScoreAdjustment);
        BY_NAME.put("patch_state", ScalarFiles::patchState);
        BY_NAME.put("personality", ScalarFiles::personality);
        BY_NAME.put("projid_map", new IdMapFile("projid_map"));
        BY_NAME.put("sched", new SchedFile());
        BY_NAME.put("schedstat", ScalarFiles::schedulingTotals);
        BY_NAME.put("sessionid", ScalarFiles::session);
        BY_NAME.put("setgroups", IdMapFile::setgroups);
        BY_NAME.put("smaps", SmapsFiles::smaps);
        BY_NAME.put("smaps_rollup", SmapsFiles::rollup);
        BY_NAME.put("stat", new StatFile());
        BY_NAME.put("statm", new StatmFile());
        BY_NAME.put("status", new StatusFile());
        BY_NAME.put("stack", WaitChannel::stack);
        BY_NAME.put("syscall", UserRegisters::syscall);
        BY_NAME.put("wchan", WaitChannel::wchan);
        BY_NAME.put("timens_offsets", TimeOffsetsFile::print);
        BY_NAME.put("timers", TimersFile::print);
        BY_NAME.put("timerslack_ns", ScalarFiles::timerSlack);
        BY_NAME.put("uid_map", new IdMapFile("uid_map"));
    }

    private TaskFiles() {}

    /** The printer of that name, or null. */
    static TaskFile find(String name) {
        return BY_NAME.get(name);
    }
}

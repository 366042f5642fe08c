package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.system.SysvIpc;
import io.scwatcher.kernel.system.SysvIpc.Kind;
import io.scwatcher.kernel.task.PidNamespace;
import io.scwatcher.vprocfs.ProcText;

/** /proc/sysvipc/msg, sem and shm of the initial IPC namespace (ipc/msg.c, ipc/sem.c, ipc/shm.c). */
final class SysvIpcFiles {
    private static final long PAGE_SIZE = 4096;

    private SysvIpcFiles() {}

    static void printQueues(Kernel kernel, ProcText out) {
        SysvIpc ipc = new SysvIpc(kernel);
        PidNamespace pids = PidNamespace.initial(kernel);
        out.put("       key      msqid perms      cbytes       qnum lspid lrpid   uid   gid  cuid  cgid"
                + "      stime      rtime      ctime\n");
        for (KObject queue : ipc.all(Kind.QUEUES)) {
            KObject permissions = queue.at("q_perm");
            printIdentity(permissions, out);
            out.put("  ").unsigned(queue.get("q_cbytes"), 10).put(' ').unsigned(queue.get("q_qnum"), 10);
            out.put(' ').unsigned(pid(pids, queue, "q_lspid"), 5).put(' ').unsigned(pid(pids, queue, "q_lrpid"), 5);
            printOwners(permissions, out);
            printTimes(queue, out, "q_stime", "q_rtime", "q_ctime");
            out.put('\n');
        }
    }

    static void printSemaphores(Kernel kernel, ProcText out) {
        SysvIpc ipc = new SysvIpc(kernel);
        out.put("       key      semid perms      nsems   uid   gid  cuid  cgid      otime      ctime\n");
        for (KObject array : ipc.all(Kind.SEMAPHORES)) {
            KObject permissions = array.at("sem_perm");
            printIdentity(permissions, out);
            out.put(' ').unsigned(array.get("sem_nsems"), 10);
            printOwners(permissions, out);
            out.put(' ').unsigned(ipc.lastOperation(array), 10);
            printTimes(array, out, "sem_ctime");
            out.put('\n');
        }
    }

    static void printSegments(Kernel kernel, ProcText out) {
        SysvIpc ipc = new SysvIpc(kernel);
        PidNamespace pids = PidNamespace.initial(kernel);
        out.put("       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid"
                + "      atime      dtime      ctime                   rss                  swap\n");
        for (KObject segment : ipc.all(Kind.SEGMENTS)) {
            KObject permissions = segment.at("shm_perm");
            printIdentity(permissions, out);
            out.put(' ').unsigned(segment.get("shm_segsz"), 21);
            out.put(' ').unsigned(pid(pids, segment, "shm_cprid"), 5);
            out.put(' ').unsigned(pid(pids, segment, "shm_lprid"), 5).put("  ");
            out.unsigned(segment.get("shm_nattch"), 5);
            printOwners(permissions, out);
            printTimes(segment, out, "shm_atim", "shm_dtim", "shm_ctim");
            SysvIpc.Residence pages = ipc.residence(segment);
            out.put(' ').unsigned(pages.resident() * PAGE_SIZE, 21).put(' ');
            out.unsigned(pages.swapped() * PAGE_SIZE, 21).put('\n');
        }
    }

    private static void printIdentity(KObject permissions, ProcText out) {
        out.dec(permissions.getInt("key"), 10).put(' ').dec(permissions.getInt("id"), 10).put("  ");
        out.right(Long.toOctalString(permissions.get("mode")), 4);
    }

    private static void printOwners(KObject permissions, ProcText out) {
        for (String owner : new String[] {"uid.val", "gid.val", "cuid.val", "cgid.val"}) {
            out.put(' ').unsigned(permissions.get(owner) & 0xffff_ffffL, 5);
        }
    }

    private static void printTimes(KObject object, ProcText out, String... members) {
        for (String member : members) {
            out.put(' ').unsigned(object.get(member), 10);
        }
    }

    private static long pid(PidNamespace namespace, KObject object, String member) {
        KObject pid = object.ptr(member);
        return pid.isNull() ? 0 : namespace.number(pid);
    }
}

package io.scwatcher.host;

import io.scwatcher.host.fuse.Tree;
import io.scwatcher.vfs.Directory;
import io.scwatcher.vfs.tree.MemoryDirectory;
import io.scwatcher.vfs.tree.MemoryFile;
import io.scwatcher.vfs.tree.MemoryLink;

/** A small VM's /proc: init, and a process 7 with a socket and a pipe. */
final class TestVm {
    private TestVm() {}

    static Tree tree() {
        Directory init = process(100, 1, "init").put("net", new MemoryDirectory(110)
                .put("dev", new MemoryFile(111, "Inter-|   Receive\n face |bytes\n  vm0: 1 2\n")))
                .put("mounts", new MemoryFile(112, "vmroot / ext4 rw 0 0\n"));
        Directory daemon = process(200, 7, "vmdaemon").put("fd", new MemoryDirectory(210)
                .put("3", new MemoryLink(211, "socket:[4711]")).put("4", new MemoryLink(212, "pipe:[4712]")))
                .put("ns", new MemoryDirectory(220).put("net", new MemoryLink(221, "net:[4026531840]")));
        return Tree.unchanging(new MemoryDirectory(1).put("1", init).put("7", daemon)
                .put("self", new MemoryLink(10, "1")).put("thread-self", new MemoryLink(11, "1/task/1"))
                .put("net", new MemoryLink(12, "self/net")).put("mounts", new MemoryLink(13, "self/mounts"))
                .put("uptime", new MemoryFile(14, "4000.00 3000.00\n"))
                .put("stat", new MemoryFile(15, "cpu  1 2 3 4 5 6 7 0 0 0\ncpu0 1 2 3 4 5 6 7 0 0 0\nbtime 1700000000\n"))
                .put("meminfo", new MemoryFile(16, "MemTotal: 1000 kB\n"))
                .put("modules", new MemoryFile(17, """
                        dummy 16384 0 - Live 0x0000000000000000
                        virtio_ring 45056 2 virtio_pci,virtio_net, Live 0x0000000000000000
                        """)));
    }

    private static MemoryDirectory process(long inode, int pid, String name) {
        String stat = pid + " (" + name + ") S 0 " + pid + " " + pid + " 0 -1 4194560 0 0 0 0 1 2 0 0 20 0 1 0 100"
                + " 1000000 100 18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n";
        return new MemoryDirectory(inode).put("stat", new MemoryFile(inode + 1, stat))
                .put("cmdline", new MemoryFile(inode + 2, "/sbin/" + name + "\0-x\0"))
                .put("status", new MemoryFile(inode + 3, "Name:\t" + name + "\nTgid:\t" + pid + "\nPid:\t" + pid
                        + "\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nThreads:\t1\n"));
    }
}

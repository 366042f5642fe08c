package io.scwatcher.os.task;

import io.scwatcher.os.wait.WaitQueue;

/** A parent waits here until its vfork child has another address space, or is gone: struct completion *vfork_done. */
final class VforkWait {
    final WaitQueue queue = new WaitQueue();
    volatile boolean done;

    void complete() {
        done = true;
        queue.wakeAll();
    }
}

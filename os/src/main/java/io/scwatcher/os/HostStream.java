package io.scwatcher.os;

import io.scwatcher.os.fs.AnonymousInodes;
import io.scwatcher.os.fs.FileDescription;
import io.scwatcher.os.fs.FileStatus;
import io.scwatcher.os.fs.Location;
import io.scwatcher.os.wait.WaitQueue;

/** An end of a pipe whose other end somebody outside of the layer holds. */
abstract class HostStream extends FileDescription {
    private final long inode = AnonymousInodes.next();
    private final WaitQueue queue = new WaitQueue();

    HostStream(int flags) {
        super(null, flags);
    }

    @Override
    public final WaitQueue waitQueue() {
        return queue;
    }

    /** The same stream: there is only one. */
    @Override
    public final FileDescription reopen(int newFlags) {
        return this;
    }

    @Override
    public final FileStatus status() {
        return AnonymousInodes.status(AnonymousInodes.PIPE_DEVICE, inode, 0010600, 0, 0, 0);
    }

    @Override
    public final String linkText(Location root) {
        return "pipe:[" + inode + "]";
    }
}

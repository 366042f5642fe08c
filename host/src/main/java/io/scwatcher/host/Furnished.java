package io.scwatcher.host;

import io.scwatcher.host.posix.ChildProcess;
import io.scwatcher.host.posix.PosixException;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A private mount and UTS namespace, furnished with a VM's /proc, in which commands can be started. */
interface Furnished extends AutoCloseable {
    /**
     * Starts a command there.
     *
     * @param defaults signals whose default action it gets
     * @throws PosixException if it cannot be executed, where that shows at once
     */
    ChildProcess spawn(List<String> command, Map<String, String> environment, Collection<Integer> defaults)
            throws PosixException;

    /** Takes the mounts away. */
    @Override
    void close() throws IOException;
}

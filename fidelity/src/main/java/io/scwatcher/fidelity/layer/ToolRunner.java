package io.scwatcher.fidelity.layer;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A place where a bundle's programs run: natively, or in the OS emulation layer. */
public interface ToolRunner {
    List<String> ENVIRONMENT = List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C", "TERM=dumb", "USER=root");

    /**
     * Runs a command to its end.
     *
     * @param directory the working directory; must exist
     * @param patience after which it is killed, with all that descends from it
     */
    Outcome run(List<String> command, String directory, byte[] input, Duration patience) throws IOException, InterruptedException;
}

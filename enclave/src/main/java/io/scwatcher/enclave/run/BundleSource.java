package io.scwatcher.enclave.run;

import io.scwatcher.enclave.session.ToolRunner.RefusedException;
import io.scwatcher.os.bundle.Bundle;

/** Where tools come from. Safe for several threads. */
@FunctionalInterface
public interface BundleSource {
    /**
     * The same object as long as the bundle is the same: code that was decoded and compiled hangs on it.
     *
     * @param bundle as the request names it
     * @throws RefusedException one line: why it cannot be had
     */
    Bundle open(String bundle) throws RefusedException;
}

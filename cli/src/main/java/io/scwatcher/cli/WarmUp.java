package io.scwatcher.cli;

import io.scwatcher.bundle.PackageSource;
import io.scwatcher.enclave.session.ToolRequest;
import io.scwatcher.enclave.session.ToolRunner.RefusedException;
import io.scwatcher.host.enclave.EnclaveException;
import io.scwatcher.host.enclave.WarmEnclave;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;

/** Runs the usual tools in an enclave again and again, so that the JVM and the engine compile what later commands will need. */
final class WarmUp {
    private static final String TOOLS = """
            for i in $(seq 100); do /bin/true; done
            ps auxww; netstat -an; ss -an; lsof -n; sh /usr/sbin/chkrootkit tcpd
            seq 20000 | rev | sort | gawk '{ s += $1 } END { print s }' | gzip -9 | sha256sum
            perl -e 'print join(",", sort map { $_ * 7 % 1000 } 1..10000)'; python3 -c 'print(sum(i * i for i in range(30000)))'
            """;

    private WarmUp() {}

    /** @param least how long; the round that is under way then is finished */
    static void run(WarmEnclave enclave, Duration least) throws IOException {
        if (!least.isPositive()) {
            return;
        }
        ToolRequest request = new ToolRequest("", false, PackageSource.usualTools(VmOptions::note).toString(), List.of("/bin/bash", "-c", TOOLS),
                List.of("PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"), "/", null, ToolRequest.Mode.MIXED, false, ToolRequest.Bounds.NONE);
        long start = System.nanoTime();
        while (System.nanoTime() - start < least.toNanos()) {
            try (SocketChannel channel = enclave.connect()) {
                WarmEnclave.client(channel).run(request, InputStream.nullInputStream(), OutputStream.nullOutputStream(), OutputStream.nullOutputStream(), _ -> { });
            } catch (RefusedException e) {
                throw new EnclaveException("cannot warm up: " + e.getMessage());
            }
        }
    }
}

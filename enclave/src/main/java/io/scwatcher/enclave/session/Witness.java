package io.scwatcher.enclave.session;

import io.scwatcher.attestation.Bytes;
import io.scwatcher.channel.page.VmIdentity;
import io.scwatcher.enclave.statement.Statement;
import io.scwatcher.enclave.statement.Statement.Capture;
import io.scwatcher.enclave.statement.Statement.SeenVm;
import io.scwatcher.enclave.watch.WatchedVm;
import io.scwatcher.memory.GuestMemory;
import io.scwatcher.os.Counters;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;

/** Watches a command's streams, from its start to its end, in order to make a statement about it. */
final class Witness {
    final Tally input = new Tally();
    final Tally output = new Tally();
    final Tally errors = new Tally();

    private final ToolRequest request;
    private final Bytes tenant;
    private final Instant started = Instant.now();
    private long firstEpoch;
    private Capture capture;

    Witness(ToolRequest request, Bytes tenant) {
        this.request = request;
        this.tenant = tenant;
    }

    /** What went through a stream. Safe for several threads. */
    static final class Tally {
        private final MessageDigest digest = sha256();
        private long length;

        synchronized void add(byte[] bytes, int offset, int count) {
            digest.update(bytes, offset, count);
            length += count;
        }

        private synchronized Statement.Stream end() {
            return new Statement.Stream(length, Bytes.of(digest.digest()));
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }
    }

    void started(RunningTool tool) {
        WatchedVm vm = tool.subject().vm();
        if (vm != null) {
            firstEpoch = vm.epoch().getAsLong();
            GuestMemory memory = vm.watch().memory();
            capture = memory.control().isEmpty() && !memory.isLive() ? Capture.STILL : request.paused() ? Capture.PAUSED : Capture.LIVE;
        }
    }

    /** After its end. */
    Statement statement(RunningTool tool, int status) {
        return new Statement(request.nonce(), tenant, request.command(), request.environment(), request.directory(), Bytes.ofHex(tool.subject().bundle()),
                tool.subject().vm() == null ? null : seen(tool.subject().vm(), tool.counters()), input.end(), output.end(), errors.end(),
                request.terminal() != null, status, tool.verdict() == null ? "" : tool.verdict(), started, Instant.now());
    }

    private SeenVm seen(WatchedVm vm, Counters counters) {
        VmIdentity identity = vm.identity();
        return new SeenVm(identity.uuid(), Bytes.of(identity.boot()), vm.watch().profile().release(), capture, firstEpoch, vm.epoch().getAsLong(),
                counters.get(Counters.VM_ANOMALIES));
    }
}

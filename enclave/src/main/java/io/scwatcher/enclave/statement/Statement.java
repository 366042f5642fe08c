package io.scwatcher.enclave.statement;

import io.scwatcher.attestation.Bytes;
import io.scwatcher.enclave.json.CanonicalJson;
import io.scwatcher.enclave.json.StrictObject;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What an enclave says about one command that it ran. As JSON all members are there, under these names; digests are SHA-256 in hexadecimal, times are by the
 * enclave's clock, which is the host's, in the form 2026-01-31T12:00:00.000Z.
 *
 * @param nonce what the tenant chose, at most {@value #MAX_NONCE} bytes: a statement with it was made after that
 * @param tenant whose command it was: SHA-256 of the SubjectPublicKeyInfo of its TLS key
 * @param command with its arguments
 * @param environment NAME=VALUE
 * @param bundle the digest of the tools
 * @param vm null where the command saw no VM
 * @param input what the command was given of its standard input, as far as it read
 * @param terminal whether the streams were a terminal: then all that it showed is the output
 * @param exit the status as a shell has it
 * @param verdict why the layer ended the command; "" if it ended by itself
 */
public record Statement(Bytes nonce, Bytes tenant, List<String> command, List<String> environment, String directory, Bytes bundle, SeenVm vm, Stream input,
        Stream output, Stream errors, boolean terminal, int exit, String verdict, Instant started, Instant ended) {
    public static final int MAX_NONCE = 64;
    /** How a VM stood while it was read. */
    public enum Capture {
        /** It ran on: what was read at different times may not fit together. */
        LIVE,
        /** It was paused for this command. */
        PAUSED,
        /** A memory image, or a VM that stands still anyway. */
        STILL
    }

    private static final int VERSION = 1;
    private static final long LARGEST = (1L << 53) - 1;

    /**
     * A VM that a command saw.
     *
     * @param uuid as its hypervisor calls it
     * @param boot 32 bytes that differ for each start of the hypervisor's process
     * @param release of the kernel that was found
     * @param firstEpoch the agent's number of the epoch in which the command began, lastEpoch of the one in which it ended; they grow while the agent lives
     * @param anomalies how many structures in the VM's memory were found broken meanwhile, also by other commands that watched it
     */
    public record SeenVm(UUID uuid, Bytes boot, String release, Capture capture, long firstEpoch, long lastEpoch, long anomalies) {}

    /** A stream's bytes. */
    public record Stream(long length, Bytes sha256) {
        /** Whether these are they. */
        public boolean is(long count, Bytes digest) {
            return length == count && sha256.equals(digest);
        }
    }

    public Statement {
        command = List.copyOf(command);
        environment = List.copyOf(environment);
        started = started.truncatedTo(ChronoUnit.MILLIS);
        ended = ended.truncatedTo(ChronoUnit.MILLIS);
    }

    /** As a value of JSON. */
    public Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("version", VERSION);
        members.put("nonce", nonce.toString());
        members.put("tenant", tenant.toString());
        members.put("command", command);
        members.put("environment", environment);
        members.put("directory", directory);
        members.put("bundle", bundle.toString());
        members.put("vm", vm == null ? null : Map.of("uuid", vm.uuid.toString(), "boot", vm.boot.toString(), "release", vm.release,
                "capture", vm.capture.name().toLowerCase(java.util.Locale.ROOT), "firstEpoch", vm.firstEpoch, "lastEpoch", vm.lastEpoch, "anomalies", vm.anomalies));
        members.put("input", members(input));
        members.put("output", members(output));
        members.put("errors", members(errors));
        members.put("terminal", terminal);
        members.put("exit", exit);
        members.put("verdict", verdict);
        members.put("started", text(started));
        members.put("ended", text(ended));
        return members;
    }

    private static Map<String, Object> members(Stream stream) {
        return Map.of("length", stream.length, "sha256", stream.sha256.toString());
    }

    private static String text(Instant time) {
        return java.time.format.DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").format(time.atOffset(java.time.ZoneOffset.UTC));
    }

    /** What is signed. */
    byte[] canonical() {
        return CanonicalJson.encode(members());
    }

    /** @throws IOException one line: what is wrong with it */
    static Statement parse(StrictObject from) throws IOException {
        int version = from.number("version");
        if (version != VERSION) {
            throw from.wrong("version", "is " + version + ", known is " + VERSION);
        }
        String nonce = from.string("nonce");
        if (nonce.length() > 2 * MAX_NONCE || !nonce.matches("([0-9a-f]{2})*")) {
            throw from.wrong("nonce", "is not up to " + MAX_NONCE + " bytes in hexadecimal");
        }
        Statement statement = new Statement(Bytes.ofHex(nonce), from.hexadecimal("tenant", 32), from.strings("command"), from.strings("environment"),
                from.string("directory"), from.hexadecimal("bundle", 32), from.isNull("vm") ? null : vm(from.object("vm")), stream(from.object("input")),
                stream(from.object("output")), stream(from.object("errors")), from.flag("terminal"), (int) from.number("exit", 0, 255), from.string("verdict"),
                time(from, "started"), time(from, "ended"));
        from.end();
        return statement;
    }

    private static SeenVm vm(StrictObject from) throws IOException {
        String uuid = from.string("uuid");
        String capture = from.string("capture");
        SeenVm vm;
        try {
            vm = new SeenVm(UUID.fromString(uuid), from.hexadecimal("boot", 32), from.string("release"), Capture.valueOf(capture.toUpperCase(java.util.Locale.ROOT)),
                    from.number("firstEpoch", 0, LARGEST), from.number("lastEpoch", 0, LARGEST), from.number("anomalies", 0, LARGEST));
        } catch (IllegalArgumentException e) {
            throw from.wrong("uuid or capture", "is none");
        }
        from.end();
        return vm;
    }

    private static Stream stream(StrictObject from) throws IOException {
        Stream stream = new Stream(from.number("length", 0, LARGEST), from.hexadecimal("sha256", 32));
        from.end();
        return stream;
    }

    private static Instant time(StrictObject from, String name) throws IOException {
        try {
            return Instant.parse(from.string(name));
        } catch (DateTimeException e) {
            throw from.wrong(name, "is no time");
        }
    }
}

package io.scwatcher.cli;

import io.scwatcher.enclave.session.ToolRequest;
import io.scwatcher.enclave.session.ToolRunner.Streams;
import io.scwatcher.os.Counters;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a command printed and how it ended, for programs. */
final class RunReport {
    private final ToolRequest request;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private final List<String> notes = new ArrayList<>();

    RunReport(ToolRequest request) {
        this.request = request;
    }

    ToolRequest request() {
        return request;
    }

    /** Which collect what is printed. */
    Streams streams(InputStream input) {
        return new Streams(input, output, errors);
    }

    synchronized void note(String line) {
        notes.add(line);
    }

    /** @param counters null if the command did not start */
    synchronized Map<String, Object> members(int status, Counters counters) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("command", request.command());
        members.put("vm", request.vm().isEmpty() ? null : request.vm());
        members.put("capture", request.vm().isEmpty() ? null : request.paused() ? "paused" : "live");
        members.put("bundle", request.bundle());
        members.put("status", status);
        put(members, "stdout", output.toByteArray());
        put(members, "stderr", errors.toByteArray());
        members.put("notes", List.copyOf(notes));
        members.put("counters", counters == null ? Map.of() : counters.values());
        return members;
    }

    private static void put(Map<String, Object> members, String name, byte[] bytes) {
        try {
            members.put(name, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            members.put(name + "Base64", Base64.getEncoder().encodeToString(bytes));
        }
    }
}

package io.scwatcher.host.agent;

import io.scwatcher.attestation.Bytes;
import io.scwatcher.channel.session.AgentAddress;
import io.scwatcher.host.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Agents' keys that a person has confirmed: lines of an agent's address, without VM, and {@code sha256:} with its key's digest; lines that begin with # don't count. Nothing is
 * ever added by itself.
 */
record KnownAgents(Path file) {
    private static final Pattern LINE = Pattern.compile("(\\S+)\\s+sha256:([0-9a-f]{64})\\s*");

    static KnownAgents ofThisUser() {
        return new KnownAgents(StateDirectory.file("known-agents"));
    }

    /** @throws AgentException one line: if there is none */
    Set<Bytes> keys(AgentAddress agent) throws IOException {
        Set<Bytes> keys = new LinkedHashSet<>();
        try {
            for (String line : Files.readAllLines(file)) {
                Matcher parts = LINE.matcher(line);
                if (parts.matches() && parts.group(1).equals(agent.place())) {
                    keys.add(Bytes.ofHex(parts.group(2)));
                } else if (!parts.matches() && !line.isBlank() && !line.startsWith("#")) {
                    throw new AgentException(file + " has a line that is neither an address and sha256:KEY nor a comment: " + line);
                }
            }
        } catch (NoSuchFileException e) {
            // As good as an empty one.
        }
        if (keys.isEmpty()) {
            throw new AgentException("nobody has said which key the agent at " + agent.place() + " must have: give --agent-key sha256:..., as the agent printed it,"
                    + " or note '" + agent.place() + " sha256:...' in " + file);
        }
        return keys;
    }
}

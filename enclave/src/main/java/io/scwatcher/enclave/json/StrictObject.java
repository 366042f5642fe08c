package io.scwatcher.enclave.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.policy.Requirement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A JSON object of which each member is asked for once, and must be there; {@link #end} makes sure that there is no other. Failures are one line that names the member. */
public final class StrictObject {
    private static final int MAX_LENGTH = 1 << 20;
    private static final String ANY = "any";
    private static final JsonMapper MAPPER = JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private final String what;
    private final String path;
    private final JsonNode node;
    private final Set<String> left = new LinkedHashSet<>();

    private StrictObject(String what, String path, JsonNode node) throws IOException {
        this.what = what;
        this.path = path;
        this.node = node;
        if (!node.isObject()) {
            throw new IOException(what + (path.isEmpty() ? "" : "'s " + path.substring(0, path.length() - 1)) + " is not a JSON object");
        }
        node.fieldNames().forEachRemaining(left::add);
    }

    /** @param what names the file in failures: "the configuration" */
    public static StrictObject parse(String what, byte[] file) throws IOException {
        if (file.length > MAX_LENGTH) {
            throw new IOException(what + " is longer than " + MAX_LENGTH + " bytes");
        }
        try {
            return new StrictObject(what, "", MAPPER.readTree(file));
        } catch (JsonProcessingException e) {
            throw new IOException(what + " is not JSON: " + e.getOriginalMessage());
        }
    }

    private JsonNode take(String name) throws IOException {
        if (!left.remove(name)) {
            throw wrong(name, "is missing");
        }
        return node.get(name);
    }

    /** A failure about a member. */
    public IOException wrong(String name, String how) {
        return new IOException(what + "'s " + path + name + " " + how);
    }

    public StrictObject object(String name) throws IOException {
        return new StrictObject(what, path + name + ".", take(name));
    }

    /** An array of objects, not empty. */
    public List<StrictObject> objects(String name) throws IOException {
        List<StrictObject> objects = new ArrayList<>();
        for (JsonNode one : array(name)) {
            objects.add(new StrictObject(what, path + name + "[" + objects.size() + "].", one));
        }
        if (objects.isEmpty()) {
            throw wrong(name, "is empty");
        }
        return objects;
    }

    private JsonNode array(String name) throws IOException {
        JsonNode value = take(name);
        if (!value.isArray()) {
            throw wrong(name, "is not an array");
        }
        return value;
    }

    public String text(String name) throws IOException {
        JsonNode value = take(name);
        if (!value.isTextual() || value.textValue().isEmpty()) {
            throw wrong(name, "is not a text");
        }
        return value.textValue();
    }

    /** A text that may be empty. */
    public String string(String name) throws IOException {
        JsonNode value = take(name);
        if (!value.isTextual()) {
            throw wrong(name, "is not a text");
        }
        return value.textValue();
    }

    /** Texts in their order, each of which may be empty. */
    public List<String> strings(String name) throws IOException {
        List<String> strings = new ArrayList<>();
        for (JsonNode one : array(name)) {
            if (!one.isTextual()) {
                throw wrong(name, "has something that is not a text");
            }
            strings.add(one.textValue());
        }
        return List.copyOf(strings);
    }

    /** @param length of the value, in bytes */
    public Bytes hexadecimal(String name, int length) throws IOException {
        String text = string(name);
        if (text.length() != 2 * length || !text.matches("[0-9a-f]*")) {
            throw wrong(name, "is not " + length + " bytes in hexadecimal");
        }
        return Bytes.ofHex(text);
    }

    /** Takes the member if it is null. */
    public boolean isNull(String name) throws IOException {
        if (!left.contains(name) || !node.get(name).isNull()) {
            return false;
        }
        take(name);
        return true;
    }

    public boolean flag(String name) throws IOException {
        JsonNode value = take(name);
        if (!value.isBoolean()) {
            throw wrong(name, "is neither true nor false");
        }
        return value.booleanValue();
    }

    public int number(String name) throws IOException {
        return (int) number(name, 0, Integer.MAX_VALUE);
    }

    public long number(String name, long least, long most) throws IOException {
        JsonNode value = take(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < least || value.longValue() > most) {
            throw wrong(name, most >= Integer.MAX_VALUE ? "is not a number of " + least + " or more" : "is not a number from " + least + " to " + most);
        }
        return value.longValue();
    }

    public Set<String> texts(String name) throws IOException {
        Set<String> texts = new LinkedHashSet<>();
        for (JsonNode one : array(name)) {
            if (!one.isTextual()) {
                throw wrong(name, "has something that is not a text");
            }
            texts.add(one.textValue());
        }
        return Set.copyOf(texts);
    }

    public Set<Bytes> digests(String name) throws IOException {
        Set<Bytes> digests = new LinkedHashSet<>();
        for (String text : texts(name)) {
            if (!text.matches("[0-9a-f]{64}")) {
                throw wrong(name, "has something that is not a SHA-256 in hexadecimal");
            }
            digests.add(Bytes.ofHex(text));
        }
        return Set.copyOf(digests);
    }

    public Requirement<Bytes> anyOrDigests(String name) throws IOException {
        return isAny(name) ? Requirement.any() : oneOf(name, digests(name));
    }

    /** Numbers of 16 bits. */
    public Requirement<Integer> anyOrNumbers(String name) throws IOException {
        if (isAny(name)) {
            return Requirement.any();
        }
        Set<Integer> numbers = new LinkedHashSet<>();
        for (JsonNode one : array(name)) {
            if (!one.isInt() || one.intValue() >>> 16 != 0) {
                throw wrong(name, "has something that is not a number from 0 to 65535");
            }
            numbers.add(one.intValue());
        }
        return oneOf(name, numbers);
    }

    private <T> Requirement<T> oneOf(String name, Set<T> values) throws IOException {
        if (values.isEmpty()) {
            throw wrong(name, "is empty, so that nothing fulfils it");
        }
        return new Requirement.OneOf<>(values);
    }

    /** Takes the member if it is the text "any". */
    private boolean isAny(String name) throws IOException {
        if (!left.contains(name) || !node.get(name).isTextual()) {
            return false;
        }
        if (!text(name).equals(ANY)) {
            throw wrong(name, "is neither \"any\" nor an array");
        }
        return true;
    }

    /** @throws IOException if there is a member that nobody asked for */
    public void end() throws IOException {
        if (!left.isEmpty()) {
            throw new IOException(what + " has what is not known: " + path + left.iterator().next());
        }
    }
}

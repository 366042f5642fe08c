package io.scwatcher.attestation.dcap;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Bytes;
import io.scwatcher.attestation.Reason;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** An object of a signed document, asked for its members by type and range. Members that nobody asks for don't matter. */
final class Json {
    static final int MAX_LENGTH = 1 << 20;
    static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(16).maxDocumentLength(MAX_LENGTH).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");

    private final JsonNode node;
    private final String what;
    private final Reason malformed;

    private Json(JsonNode node, String what, Reason malformed) {
        this.node = node;
        this.what = what;
        this.malformed = malformed;
    }

    static Json parse(Bytes document, String what, Reason malformed) throws AttestationException {
        try {
            JsonNode node = MAPPER.readTree(document.toArray());
            if (node != null && node.isObject()) {
                return new Json(node, what, malformed);
            }
        } catch (IOException e) {
            // Told below.
        }
        throw new AttestationException(malformed, what + " is no JSON object");
    }

    boolean has(String name) {
        return node.has(name);
    }

    Json object(String name) throws AttestationException {
        JsonNode value = node.get(name);
        if (value == null || !value.isObject()) {
            throw wrong(name, "is no object");
        }
        return new Json(value, what, malformed);
    }

    /** An array of objects. */
    List<Json> objects(String name, int minimum, int maximum) throws AttestationException {
        List<Json> objects = new ArrayList<>();
        for (JsonNode element : array(name, minimum, maximum)) {
            if (!element.isObject()) {
                throw wrong(name, "has an element that is no object");
            }
            objects.add(new Json(element, what, malformed));
        }
        return objects;
    }

    /** An array of short texts; empty where it is absent. */
    List<String> texts(String name, int maximum) throws AttestationException {
        if (!node.has(name)) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode element : array(name, 0, maximum)) {
            if (!element.isTextual() || element.textValue().length() > 64) {
                throw wrong(name, "has an element that is no short text");
            }
            texts.add(element.textValue());
        }
        return texts;
    }

    private JsonNode array(String name, int minimum, int maximum) throws AttestationException {
        JsonNode value = node.get(name);
        if (value == null || !value.isArray() || value.size() < minimum || value.size() > maximum) {
            throw wrong(name, "is no array of " + minimum + " to " + maximum);
        }
        return value;
    }

    String text(String name) throws AttestationException {
        JsonNode value = node.get(name);
        if (value == null || !value.isTextual()) {
            throw wrong(name, "is no text");
        }
        return value.textValue();
    }

    int number(String name, int maximum) throws AttestationException {
        JsonNode value = node.get(name);
        if (value == null || !value.isInt() || value.intValue() < 0 || value.intValue() > maximum) {
            throw wrong(name, "is no number from 0 to " + maximum);
        }
        return value.intValue();
    }

    Bytes hex(String name, int length) throws AttestationException {
        String digits = text(name);
        try {
            if (digits.length() == 2 * length) {
                return Bytes.ofHex(digits);
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw wrong(name, "is not " + length + " bytes in hexadecimal");
    }

    Instant time(String name) throws AttestationException {
        String time = text(name);
        try {
            if (TIME.matcher(time).matches()) {
                return Instant.parse(time);
            }
        } catch (DateTimeException e) {
            // Told below.
        }
        throw wrong(name, "is no time");
    }

    TcbStatus status(String name) throws AttestationException {
        return TcbStatus.named(text(name)).orElseThrow(() -> wrong(name, "is no status"));
    }

    AttestationException wrong(String name, String why) {
        return new AttestationException(malformed, what + ": \"" + name + "\" " + why);
    }
}

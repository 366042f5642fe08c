package io.scwatcher.enclave.json;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The one way to write a JSON value (RFC 8785, for texts, whole numbers, booleans, null, arrays and objects): no white space, members sorted by name, texts
 * with as few escapes as JSON allows. So what was signed can be written again from what was read.
 */
public final class CanonicalJson {
    private final StringBuilder text = new StringBuilder();

    private CanonicalJson() {}

    /** @param value of Strings, Longs, Integers, Booleans, nulls, Lists and Maps with Strings as keys. @return UTF-8 */
    public static byte[] encode(Object value) {
        CanonicalJson json = new CanonicalJson();
        json.put(value);
        return json.text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void put(Object value) {
        switch (value) {
            case null -> text.append("null");
            case String string -> put(string);
            case Long _, Integer _, Boolean _ -> text.append(value);
            case List<?> list -> {
                char before = '[';
                for (Object one : list) {
                    text.append(before);
                    put(one);
                    before = ',';
                }
                text.append(list.isEmpty() ? "[]" : "]");
            }
            case Map<?, ?> map -> {
                char before = '{';
                for (Map.Entry<?, ?> one : new TreeMap<>(map).entrySet()) {
                    text.append(before);
                    put((String) one.getKey());
                    text.append(':');
                    put(one.getValue());
                    before = ',';
                }
                text.append(map.isEmpty() ? "{}" : "}");
            }
            default -> throw new IllegalArgumentException("not a JSON value: " + value.getClass());
        }
    }

    private void put(String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ') {
                        text.append("\\u%04x".formatted((int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}

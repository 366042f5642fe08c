package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.vprocfs.ProcText;

/** How each type of key describes itself in /proc/keys: the {@code describe} functions of security/keys and crypto. */
final class KeyDescriptions {
    private static final int LIMIT = 4096;
    private static final int SHOWN_ID_BYTES = 4;

    private KeyDescriptions() {}

    /** @param function the name of the type's {@code describe} function */
    static void print(KObject key, String function, int state, ProcText out) {
        boolean isPositive = state == 1;
        switch (function) {
            case "" -> { }
            case "keyring_describe" -> {
                out.put(key.get("description") == 0 ? "[anon]" : key.string("description", LIMIT));
                long keys = isPositive ? key.get("keys.nr_leaves_on_tree") : 0;
                out.put(!isPositive ? "" : keys == 0 ? ": empty" : ": " + Long.toUnsignedString(keys));
            }
            case "asymmetric_key_describe" -> printAsymmetric(key, out);
            case "blacklist_describe" -> out.put(key.string("description", LIMIT));
            default -> {
                out.put(key.string("description", LIMIT));
                out.put(isPositive ? ": " + (key.get("datalen") & 0xffff) : "");
            }
        }
    }

    private static void printAsymmetric(KObject key, ProcText out) {
        out.put(key.string("description", LIMIT));
        Variables variables = new Variables(key.kernel());
        KObject data = key.at("payload.data");
        if (data.index(variables.constant("asym_subtype")).value() == 0) {
            return;
        }
        out.put(": ");
        long material = data.index(variables.constant("asym_crypto")).value();
        if (material != 0) {
            KObject publicKey = key.kernel().at(material, "public_key");
            out.put(publicKey.string("id_type", 64)).put('.').put(publicKey.string("pkey_algo", 64));
        }
        long ids = data.index(variables.constant("asym_key_ids")).value();
        long id = ids == 0 ? 0 : key.kernel().at(ids, "asymmetric_key_ids").at("id").index(1).value();
        if (id != 0) {
            printId(key.kernel().at(id, "asymmetric_key_id"), out.put(' '));
        }
        out.put(" []");
    }

    /** The last bytes of a key's id. */
    private static void printId(KObject id, ProcText out) {
        int length = (int) id.get("len") & 0xffff;
        int shown = Math.min(SHOWN_ID_BYTES, length);
        for (int i = length - shown; i < length; i++) {
            out.hex(id.memory().u8(id.at("data").address() + i), 2);
        }
    }
}

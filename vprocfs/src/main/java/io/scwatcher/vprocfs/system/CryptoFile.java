package io.scwatcher.vprocfs.system;

import io.scwatcher.kernel.KObject;
import io.scwatcher.kernel.Kernel;
import io.scwatcher.kernel.collection.Lists;
import io.scwatcher.kernel.system.FunctionNames;
import io.scwatcher.kernel.system.Variables;
import io.scwatcher.vprocfs.ProcText;
import io.scwatcher.vprocfs.SystemFile;

/** /proc/crypto (crypto/proc.c, {@code c_show}), each kind of algorithm as its own {@code show} function prints it. */
final class CryptoFile implements SystemFile {
    private static final int NAME_LIMIT = 128;
    /** include/linux/crypto.h and crypto/internal.h. */
    private static final int CRYPTO_ALG_TYPE_MASK = 0xf;
    private static final int CRYPTO_ALG_TYPE_CIPHER = 0x1;
    private static final int CRYPTO_ALG_TYPE_COMPRESS = 0x2;
    private static final int CRYPTO_ALG_LARVAL = 0x10;
    private static final int CRYPTO_ALG_ASYNC = 0x80;
    private static final int CRYPTO_ALG_TESTED = 0x400;
    private static final int CRYPTO_ALG_INTERNAL = 0x2000;
    private static final int CRYPTO_ALG_FIPS_INTERNAL = 0x20000;

    @Override
    public void print(Kernel kernel, ProcText out) {
        FunctionNames functions = new FunctionNames(kernel);
        boolean hasFips = new Variables(kernel).isSet("fips_enabled", 4);
        for (KObject algorithm : Lists.list(kernel.object("crypto_alg_list", "list_head"), "crypto_alg", "cra_list")) {
            long flags = algorithm.get("cra_flags");
            printHead(algorithm, flags, hasFips, out);
            if ((flags & CRYPTO_ALG_LARVAL) != 0) {
                out.put("type         : larval\nflags        : 0x").hex(flags).put('\n');
            } else {
                KObject type = algorithm.ptr("cra_type");
                long show = type.isNull() ? 0 : type.getOr("show", 0);
                printType(algorithm, show == 0 ? "" : functions.name(show), flags, out);
            }
            out.put('\n');
        }
    }

    private static void printHead(KObject algorithm, long flags, boolean hasFips, ProcText out) {
        KObject module = algorithm.ptr("cra_module");
        out.put("name         : ").put(algorithm.string("cra_name", NAME_LIMIT));
        out.put("\ndriver       : ").put(algorithm.string("cra_driver_name", NAME_LIMIT));
        out.put("\nmodule       : ").put(module.isNull() ? "kernel" : module.string("name", NAME_LIMIT));
        out.put("\npriority     : ").dec(algorithm.getInt("cra_priority"));
        out.put("\nrefcnt       : ").unsigned(algorithm.get("cra_refcnt"));
        out.put("\nselftest     : ").put((flags & CRYPTO_ALG_TESTED) != 0 ? "passed" : "unknown");
        out.put("\ninternal     : ").put(yes((flags & CRYPTO_ALG_INTERNAL) != 0)).put('\n');
        if (hasFips && new Variables(algorithm.kernel()).has("fips_fail_notif_chain")) {
            out.put("fips         : ").put(yes((flags & CRYPTO_ALG_FIPS_INTERNAL) == 0)).put('\n');
        }
    }

    private static void printType(KObject algorithm, String show, long flags, ProcText out) {
        switch (show) {
            case "crypto_skcipher_show" -> printBlockCipher(algorithm, "skcipher", "base", flags, out);
            case "crypto_lskcipher_show" -> printBlockCipher(algorithm, "lskcipher", "co.base", flags, out);
            case "crypto_shash_show" -> {
                out.put("type         : shash\n");
                printBlockSize(algorithm, out);
                number("digestsize", algorithm.containerOf("shash_alg", "base").get("digestsize"), out);
            }
            case "crypto_ahash_show" -> {
                out.put("type         : ahash\nasync        : ").put(yes((flags & CRYPTO_ALG_ASYNC) != 0)).put('\n');
                printBlockSize(algorithm, out);
                number("digestsize", algorithm.containerOf("hash_alg_common", "base").get("digestsize"), out);
            }
            case "crypto_aead_show" -> {
                KObject aead = algorithm.containerOf("aead_alg", "base");
                out.put("type         : aead\nasync        : ").put(yes((flags & CRYPTO_ALG_ASYNC) != 0)).put('\n');
                printBlockSize(algorithm, out);
                number("ivsize", aead.get("ivsize"), out);
                number("maxauthsize", aead.get("maxauthsize"), out);
                out.put("geniv        : <none>\n");
            }
            case "crypto_rng_show" -> {
                out.put("type         : rng\n");
                number("seedsize", algorithm.containerOf("rng_alg", "base").get("seedsize"), out);
            }
            case "" -> printPlain(algorithm, flags, out);
            default -> out.put("type         : ").put(show.replaceFirst("^crypto_(.*)_show$", "$1")).put('\n');
        }
    }

    private static void printBlockCipher(KObject algorithm, String type, String base, long flags, ProcText out) {
        KObject cipher = algorithm.containerOf(type + "_alg", base);
        String common = base.equals("base") ? "" : "co.";
        out.put("type         : ").put(type).put('\n');
        if (common.isEmpty()) {
            out.put("async        : ").put(yes((flags & CRYPTO_ALG_ASYNC) != 0)).put('\n');
        }
        printBlockSize(algorithm, out);
        number("min keysize", cipher.get(common + "min_keysize"), out);
        number("max keysize", cipher.get(common + "max_keysize"), out);
        number("ivsize", cipher.get(common + "ivsize"), out);
        number("chunksize", cipher.get(common + "chunksize"), out);
        if (common.isEmpty()) {
            number("walksize", cipher.get("walksize"), out);
        }
        if (cipher.has(common + "statesize")) {
            number("statesize", cipher.get(common + "statesize"), out);
        }
    }

    private static void printPlain(KObject algorithm, long flags, ProcText out) {
        switch ((int) flags & CRYPTO_ALG_TYPE_MASK) {
            case CRYPTO_ALG_TYPE_CIPHER -> {
                out.put("type         : cipher\n");
                printBlockSize(algorithm, out);
                number("min keysize", algorithm.get("cra_u.cipher.cia_min_keysize"), out);
                number("max keysize", algorithm.get("cra_u.cipher.cia_max_keysize"), out);
            }
            case CRYPTO_ALG_TYPE_COMPRESS -> out.put("type         : compression\n");
            default -> out.put("type         : unknown\n");
        }
    }

    private static void printBlockSize(KObject algorithm, ProcText out) {
        number("blocksize", algorithm.get("cra_blocksize"), out);
    }

    private static void number(String label, long value, ProcText out) {
        out.left(label, 13).put(": ").unsigned(value & 0xffff_ffffL).put('\n');
    }

    private static String yes(boolean is) {
        return is ? "yes" : "no";
    }
}

package io.scwatcher.host.runtime;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A directory from which a runtime starts the enclave: {@code image} (what runs in it, measured), {@code host} (what the host may supply and the enclave checks for
 * itself: bundles, collateral), the runtime's own configuration, and the commands.
 *
 * @param runtime whose configuration it is
 * @param jvm sizes of the JVM in it
 * @param productId ISVPRODID, 0 to 65,535
 * @param svn ISVSVN, 0 to 65,535
 */
public record Deployment(SgxRuntime runtime, EnclaveJvm jvm, int productId, int svn) {
    /** Where the enclave finds its image, and what the host supplies. */
    static final String IMAGE = "/image", HOST = "/host";
    private static final String CONFIGURATION = "configuration.json";
    private static final String MODULE = "io.scwatcher.enclave", MAIN = MODULE + ".main.EnclaveMain";

    public Deployment {
        if (productId >>> 16 != 0 || svn >>> 16 != 0) {
            throw new IllegalArgumentException("product id and security version have 16 bits");
        }
    }

    /**
     * What was made.
     *
     * @param directory that holds everything
     * @param prepare commands to run there before the first start
     * @param start the command that starts the enclave
     */
    public record Prepared(Path directory, List<String> prepare, String start) {}

    /**
     * Writes the directory.
     *
     * @param target a directory that doesn't exist yet
     * @param configuration the enclave's, as text
     * @param bundles to be copied, by their digests in hexadecimal
     * @param modules the program's module path
     * @param templates the directory {@code deploy} of this distribution
     * @throws FileAlreadyExistsException if the target exists
     */
    public Prepared write(Path target, String configuration, Map<String, Path> bundles, String modules, Path templates) throws IOException {
        Files.createDirectory(target);
        JavaImage.make(target.resolve("image"), modules, MODULE);
        Files.writeString(target.resolve("image").resolve(CONFIGURATION), configuration);
        Files.createDirectories(target.resolve("host/bundles"));
        for (Map.Entry<String, Path> bundle : bundles.entrySet()) {
            Files.copy(bundle.getValue(), target.resolve("host/bundles").resolve(bundle.getKey()));
        }
        MeasuredFiles measured = MeasuredFiles.below(target.resolve("image"), target);
        Files.writeString(target.resolve("measured-files.sha256"), measured.checksums());
        Path own = templates.resolve(runtime.name().toLowerCase(Locale.ROOT));
        return switch (runtime) {
            case GRAMINE -> gramine(target, own, measured);
            case OCCLUM -> occlum(target, own);
            case SCONE -> scone(target, own, configuration);
        };
    }

    /** The command line of the JVM, its program first. */
    List<String> command() {
        List<String> command = new ArrayList<>(List.of(IMAGE + "/java/bin/java"));
        command.addAll(jvm.options());
        if (runtime == SgxRuntime.OCCLUM) {
            command.add("--enable-native-access=io.scwatcher.attestation");
        }
        command.addAll(List.of("--module-path", IMAGE + "/app", "--module", MODULE + "/" + MAIN, IMAGE + "/" + CONFIGURATION));
        return command;
    }

    private Prepared gramine(Path target, Path templates, MeasuredFiles measured) throws IOException {
        Map<String, String> values = identity();
        values.put("ARGV", quoted(command(), ", "));
        values.put("ENVIRONMENT", jvm.environment().stream().map(one -> one.split("=", 2)).map(one -> "loader.env." + one[0] + " = \"" + one[1] + "\"")
                .collect(Collectors.joining("\n")));
        // Gramine takes powers of two only.
        values.put("ENCLAVE_SIZE", Integer.highestOneBit(2 * jvm.totalMib() - 1) + "M");
        values.put("THREADS", Integer.toString(jvm.threads()));
        values.put("TRUSTED_FILES", measured.lines(file -> "  { uri = \"file:" + file.getKey() + "\", sha256 = \"" + file.getValue() + "\" },"));
        write(target, "scwatcher.manifest.template", new Template(templates.resolve("scwatcher.manifest.template")).fill(values));
        return new Prepared(target, List.of("gramine-manifest scwatcher.manifest.template scwatcher.manifest",
                "gramine-sgx-sign --manifest scwatcher.manifest --output scwatcher.manifest.sgx"), "gramine-sgx scwatcher");
    }

    private Prepared occlum(Path target, Path templates) throws IOException {
        Map<String, String> values = identity();
        values.put("ENVIRONMENT", quoted(jvm.environment(), ", "));
        values.put("USER_SPACE", jvm.totalMib() + "MB");
        values.put("THREADS", Integer.toString(jvm.threads()));
        write(target, "Occlum.json", new Template(templates.resolve("Occlum.json.template")).fill(values));
        write(target, "start.c", new Template(templates.resolve("start.c.template")).fill(Map.of("ARGV", quoted(command(), ",\n        "))));
        write(target, "bom.yaml", Files.readString(templates.resolve("bom.yaml")));
        return new Prepared(target, List.of("occlum-gcc -O2 -o start start.c", "occlum new instance", "cp Occlum.json instance/",
                "cd instance && rm -rf image && copy_bom -f ../bom.yaml --root image --include-dir /opt/occlum/etc/template", "cd instance && occlum build"),
                "cd instance && occlum run /bin/start");
    }

    private Prepared scone(Path target, Path templates, String configuration) throws IOException {
        Map<String, String> values = new HashMap<>();
        values.put("COMMAND", String.join(" ", command()));
        values.put("ENVIRONMENT", jvm.environment().stream().map(one -> one.split("=", 2)).map(one -> "      " + one[0] + ": \"" + one[1] + "\"")
                .collect(Collectors.joining("\n")));
        values.put("HEAP", jvm.totalMib() + "M");
        values.put("CONFIGURATION", configuration.strip().indent(10).stripTrailing());
        write(target, "session.yml.template", new Template(templates.resolve("session.yml.template")).fill(values));
        write(target, "Dockerfile", Files.readString(templates.resolve("Dockerfile")));
        return new Prepared(target, List.of("docker build -t scwatcher-native .",
                "sconify_image --from=scwatcher-native --to=scwatcher --binary=" + IMAGE + "/java/bin/java --heap=" + jvm.totalMib() + "M --dlopen=1",
                "MRENCLAVE=$(docker run --rm -e SCONE_HASH=1 scwatcher) envsubst '$MRENCLAVE' <session.yml.template >session.yml", "scone session create session.yml"),
                "docker run --device /dev/sgx_enclave -e SCONE_MODE=HW -e SCONE_CAS_ADDR=$CAS -e SCONE_CONFIG_ID=scwatcher/enclave scwatcher");
    }

    private Map<String, String> identity() {
        return new HashMap<>(Map.of("PRODUCT_ID", Integer.toString(productId), "SVN", Integer.toString(svn)));
    }

    /** As TOML, JSON and C write strings: none of ours holds what any of them escapes. */
    private static String quoted(List<String> values, String between) {
        for (String value : values) {
            if (!value.matches("[ -!#-\\[\\]-~]*")) {
                throw new IllegalStateException("not a plain string: " + value);
            }
        }
        return values.stream().map(value -> '"' + value + '"').collect(Collectors.joining(between));
    }

    private static void write(Path target, String name, String content) throws IOException {
        Files.writeString(target.resolve(name), content);
        if (name.endsWith(".sh")) {
            Files.setPosixFilePermissions(target.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }
}

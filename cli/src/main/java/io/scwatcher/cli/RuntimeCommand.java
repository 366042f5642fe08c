package io.scwatcher.cli;

import io.scwatcher.host.runtime.Deployment;
import io.scwatcher.host.runtime.Deployment.Prepared;
import io.scwatcher.host.runtime.EnclaveJvm;
import io.scwatcher.host.runtime.Finding;
import io.scwatcher.host.runtime.Finding.Status;
import io.scwatcher.host.runtime.Preflight;
import io.scwatcher.host.runtime.SgxRuntime;
import io.scwatcher.os.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** {@code scwatcher runtime}: the enclave on SGX hardware. */
final class RuntimeCommand extends CommandGroup {
    RuntimeCommand() {
        super("runtime", "Prepares the enclave for a runtime on SGX hardware, and says what a machine lacks for it.");
        add(new Prepare());
        add(new Check());
    }

    private static final class Prepare extends Command {
        private final Supplier<SgxRuntime> name = operand(SgxRuntime.class, "NAME", "${COMPLETION-CANDIDATES}, in any case.");
        private final Supplier<Path> output = option(Path.class, "-o", "DIR", "The directory to make.").required();
        private final Supplier<String> listen = option(String.class, "--listen", "HOST:PORT", "Where the enclave waits for tenants.").orElse("0.0.0.0:7443");
        private final Supplier<List<String>> agents = options("--agent", "ADDRESS",
                "An agent that the enclave may read from, as agent://HOST:PORT; may be repeated.");
        private final Supplier<List<String>> agentKeys = options("--agent-key", "HEX",
                "SHA-256 of an agent's key, as 'scwatcher agent' prints it; no other agent is believed. May be repeated.");
        private final Supplier<List<String>> tenants = options("--tenant", "HEX", "SHA-256 of a tenant's key; may be repeated. 'any' admits everybody.");
        private final Supplier<List<String>> bundles = options("--bundle", "FILE", "A bundle that tenants may run tools of; may be repeated.");
        private final Supplier<Integer> heap = option(Integer.class, "--heap", "MIB", "The Java heap.").orElse("1024");
        private final Supplier<Integer> threads = option(Integer.class, "--threads", "N", "Threads at the same time, those of the JVM included.").orElse("128");
        private final Supplier<Integer> product = option(Integer.class, "--product", "N", "ISVPRODID.").orElse("1");
        private final Supplier<Integer> svn = option(Integer.class, "--svn", "N", "ISVSVN, the security version.").orElse("1");
        private final Supplier<Boolean> json = flag("--json", "Print one JSON object.");

        Prepare() {
            super("prepare", "Makes a directory from which a runtime starts the enclave: a trimmed Java runtime, the enclave's modules, its configuration, the digest "
                    + "of every file, and the runtime's own configuration.", "");
            showDefaults();
            footer("", "Prints the commands to run there. Example:",
                    "  scwatcher runtime prepare gramine -o enclave --agent agent://10.0.0.7:7444 \\", "      --agent-key 4f1c... --tenant 09ab... --bundle tools.bundle");
        }

        @Override
        public Integer call() throws IOException {
            if (agents.get().isEmpty() || agentKeys.get().isEmpty() || tenants.get().isEmpty() || bundles.get().isEmpty()) {
                throw wrong("give at least one --agent, --agent-key, --tenant and --bundle: they are measured, and cannot be added later");
            }
            Path target = output.get().toAbsolutePath();
            if (Files.exists(target)) {
                throw wrong(target + " exists already");
            }
            Map<String, Path> named = new LinkedHashMap<>();
            for (String file : bundles.get()) {
                try (Bundle bundle = Bundle.open(Path.of(file))) {
                    named.put(bundle.digest(), Path.of(file));
                }
            }
            Deployment deployment = deployment();
            VmOptions.note("making a Java runtime for the enclave");
            Prepared made = deployment.write(target, configuration(named), named, System.getProperty("jdk.module.path"),
                    Path.of(System.getProperty("scwatcher.home"), "deploy"));
            if (json.get()) {
                Json.print(Map.of("directory", made.directory(), "prepare", made.prepare(), "start", made.start()));
                return ExitCode.OK;
            }
            System.out.println("cd " + made.directory());
            made.prepare().forEach(System.out::println);
            System.out.println(made.start());
            return ExitCode.OK;
        }

        private Deployment deployment() {
            try {
                return new Deployment(name.get(), new EnclaveJvm(heap.get(), threads.get()), product.get(), svn.get());
            } catch (IllegalArgumentException e) {
                throw wrong(e.getMessage());
            }
        }

        private String configuration(Map<String, Path> named) {
            Map<String, Object> evidence = switch (name.get()) {
                case GRAMINE -> Map.of("source", "gramine", "directory", "/dev/attestation", "collateral", "/host/collateral.json");
                case OCCLUM -> Map.of("source", "occlum", "device", "/dev/sgx", "collateral", "/host/collateral.json");
                case SCONE -> Map.of("source", "provisioned", "key", "/attestation/key.pem", "chain", "/attestation/chain.pem");
            };
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("version", 1);
            // Sorted, since the configuration is measured and Map.of has another order each time.
            all.put("evidence", new TreeMap<>(evidence));
            all.put("listen", listen.get());
            all.put("agents", new TreeMap<>(Map.of("keys", agentKeys.get(), "addresses", agents.get())));
            all.put("tenants", tenants.get().contains("any") ? "any" : tenants.get());
            all.put("bundles", new TreeMap<>(Map.of("directory", "/host/bundles", "digests", named.keySet())));
            all.put("limits", new TreeMap<>(Map.of("runs", 16, "runsOfOneTenant", 8, "memoryMegabytes", heap.get() / 2, "processes", threads.get() / 2,
                    "cpuSeconds", 0, "outputMegabytes", 0)));
            return Json.text(all) + "\n";
        }
    }

    private static final class Check extends Command {
        private final Supplier<List<String>> names = operands(0, "NAME", "Runtimes. Default: all.");
        private final Supplier<Boolean> json = flag("--json", "Print a JSON array.");

        Check() {
            super("check", "Says what this machine has of what an enclave needs, and what to do where something is missing. Nothing is started or changed.", "");
            footer("", "The exit status is 0 if nothing that a named runtime needs is missing, 69 otherwise.");
        }

        @Override
        public Integer call() {
            List<SgxRuntime> runtimes = names.get().isEmpty() ? List.of(SgxRuntime.values()) : names.get().stream().map(this::runtime).toList();
            Preflight machine = Preflight.ofThisMachine();
            Map<SgxRuntime, List<Finding>> findings = new LinkedHashMap<>();
            runtimes.forEach(runtime -> findings.put(runtime, machine.check(runtime)));
            if (json.get()) {
                Json.print(findings.entrySet().stream().flatMap(one -> one.getValue().stream().map(finding -> Map.of("runtime", one.getKey().title(),
                        "what", finding.what(), "status", finding.status(), "detail", finding.detail()))).toList());
            } else {
                findings.forEach(RuntimeCommand.Check::print);
            }
            return findings.values().stream().flatMap(List::stream).anyMatch(finding -> finding.status() == Status.MISSING) ? ExitCode.UNAVAILABLE : ExitCode.OK;
        }

        private SgxRuntime runtime(String name) {
            return Stream.of(SgxRuntime.values()).filter(one -> one.name().equalsIgnoreCase(name)).findFirst()
                    .orElseThrow(() -> wrong("no runtime named " + name + "; there are gramine, occlum, scone"));
        }

        private static void print(SgxRuntime runtime, List<Finding> findings) {
            System.out.println(runtime.title());
            for (Finding finding : findings) {
                System.out.printf("  %-8s %-38s %s%n", finding.status().name().toLowerCase(Locale.ROOT), finding.what(), finding.detail());
            }
        }
    }
}

package io.scwatcher.host.runtime;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a machine has of what a runtime needs: processor, driver, quoting service, and the runtime's own programs. It looks and starts nothing.
 *
 * @param root of the machine's file system
 * @param path directories where programs are looked for
 */
public record Preflight(Path root, List<Path> path) {
    private static final String DRIVER = "SGX driver", PROVISIONING = "provisioning device", QUOTING = "quoting service", COLLATERAL = "provisioning service";
    /** Of the kernel since 5.11, of its udev rules, of Intel's older driver. */
    private static final List<String> DEVICES = List.of("dev/sgx_enclave", "dev/sgx/enclave", "dev/isgx");
    private static final List<String> PROVISION_DEVICES = List.of("dev/sgx_provision", "dev/sgx/provision");
    private static final String AESM_SOCKET = "var/run/aesmd/aesm.socket";
    private static final String QCNL = "etc/sgx_default_qcnl.conf";
    private static final Pattern PCCS = Pattern.compile("(?im)^\\s*\"?pccs_url\"?\\s*[:=]\\s*\"?([^\\s\",]+)");
    private static final Map<SgxRuntime, List<String>> PROGRAMS = Map.of(
            SgxRuntime.GRAMINE, List.of("gramine-manifest", "gramine-sgx-sign", "gramine-sgx"),
            SgxRuntime.OCCLUM, List.of("occlum", "copy_bom"),
            SgxRuntime.SCONE, List.of("docker", "scone"));
    /** The first kernel whose driver grows enclaves. */
    private static final int EDMM_KERNEL = 6;
    private static final int LONGEST = 1 << 16;

    /** Of this machine. */
    public static Preflight ofThisMachine() {
        return new Preflight(Path.of("/"), Stream.concat(Stream.of(System.getenv().getOrDefault("PATH", "").split(":")).filter(one -> !one.isEmpty()),
                Stream.of("/opt/occlum/build/bin", "/usr/local/bin")).map(Path::of).distinct().toList());
    }

    /** All that the runtime needs, in the order in which it comes to need it. */
    public List<Finding> check(SgxRuntime runtime) {
        List<Finding> findings = new ArrayList<>();
        processor(findings);
        findings.add(driver());
        findings.add(protectedMemory());
        if (runtime == SgxRuntime.SCONE) {
            findings.add(Finding.unknown("configuration and attestation service", "a CAS that the tenant trusts: nothing on this machine tells"));
        } else {
            quoting(findings);
        }
        for (String program : PROGRAMS.get(runtime)) {
            findings.add(program(program, runtime));
        }
        return findings;
    }

    /** Whether a program is there. */
    public boolean has(String program) {
        return path.stream().anyMatch(directory -> Files.isExecutable(directory.resolve(program)));
    }

    private void processor(List<Finding> findings) {
        Set<String> flags = Set.copyOf(List.of(line("proc/cpuinfo", "flags").split("\\s+")));
        if (!flags.contains("sgx")) {
            findings.add(Finding.missing("SGX", "the kernel lists no sgx among the processor's flags: it has none, or the firmware or the hypervisor keeps it"));
            return;
        }
        findings.add(Finding.present("SGX", "the kernel lists it"));
        findings.add(flags.contains("sgx_lc") ? Finding.present("launch control", "enclaves need no launch token")
                : Finding.missing("launch control", "no sgx_lc among the processor's flags: only enclaves signed by Intel start"));
        CpuId cpuid = new CpuId(root.resolve("dev/cpu/0/cpuid"));
        try {
            boolean kernel = majorRelease() >= EDMM_KERNEL;
            findings.add(!cpuid.hasSgx2() ? Finding.lacking("EDMM", "the processor has no SGX2: all memory is committed at the start")
                    : kernel ? Finding.present("EDMM", "memory is added as it is needed")
                    : Finding.lacking("EDMM", "the processor has SGX2, but the kernel is older than 6.0"));
            findings.add(cpuid.reportsFaultAddresses() ? Finding.present("EXINFO", "the JVM learns the addresses of its faults")
                    : Finding.missing("EXINFO", "the JVM needs the addresses of its faults, which this processor doesn't tell enclaves"));
        } catch (IOException e) {
            findings.add(Finding.unknown("EDMM and EXINFO", "/dev/cpu/0/cpuid cannot be read: modprobe cpuid, and look as root"));
        }
    }

    private Finding driver() {
        for (String device : DEVICES) {
            Path found = root.resolve(device);
            if (Files.exists(found)) {
                return Files.isReadable(found) && Files.isWritable(found) ? Finding.present(DRIVER, "/" + device)
                        : Finding.missing(DRIVER, "/" + device + " is not this user's to open: join its group");
            }
        }
        return Finding.missing(DRIVER, "none of /" + String.join(", /", DEVICES) + ": a kernel since 5.11 with CONFIG_X86_SGX makes the first");
    }

    private Finding protectedMemory() {
        long bytes = 0;
        try (Stream<Path> nodes = Files.list(root.resolve("sys/devices/system/node"))) {
            for (Path node : (Iterable<Path>) nodes::iterator) {
                String total = text(node.resolve("x86/sgx_total_bytes")).strip();
                bytes += total.matches("[0-9]{1,18}") ? Long.parseLong(total) : 0;
            }
        } catch (IOException e) {
            // Kernels before 5.17 don't tell.
        }
        return bytes == 0 ? Finding.unknown("enclave page cache", "the kernel doesn't tell how large it is")
                : Finding.present("enclave page cache", bytes / (1 << 20) + " MiB");
    }

    private void quoting(List<Finding> findings) {
        findings.add(PROVISION_DEVICES.stream().anyMatch(device -> Files.exists(root.resolve(device)))
                ? Finding.present(PROVISIONING, "the quoting enclave can ask for its certificate")
                : Finding.missing(PROVISIONING, "none of /" + String.join(", /", PROVISION_DEVICES) + ": the quoting enclave gets no certificate"));
        Path socket = root.resolve(AESM_SOCKET);
        if (!Files.exists(socket)) {
            findings.add(Finding.missing(QUOTING, "no /" + AESM_SOCKET + ": install and start the AESM service"));
        } else {
            findings.add(answers(socket) ? Finding.present(QUOTING, "the AESM service answers")
                    : Finding.missing(QUOTING, "nobody answers at /" + AESM_SOCKET + ", or this user may not ask"));
        }
        Matcher url = PCCS.matcher(text(root.resolve(QCNL)));
        findings.add(!Files.exists(root.resolve(QCNL)) ? Finding.missing(COLLATERAL, "no /" + QCNL + ": the quoting library knows no service to ask (QCNL)")
                : url.find() ? Finding.present(COLLATERAL, "/" + QCNL + " names " + url.group(1))
                : Finding.missing(COLLATERAL, "/" + QCNL + " has no pccs_url"));
    }

    private Finding program(String program, SgxRuntime runtime) {
        return path.stream().map(directory -> directory.resolve(program)).filter(Files::isExecutable).findFirst()
                .map(found -> Finding.present(program, found.toString()))
                .orElse(Finding.missing(program, "not found: install " + runtime.title()));
    }

    private int majorRelease() {
        Matcher release = Pattern.compile("^([0-9]{1,4})\\.").matcher(text(root.resolve("proc/sys/kernel/osrelease")));
        return release.find() ? Integer.parseInt(release.group(1)) : 0;
    }

    private static boolean answers(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            return false;
        }
    }

    /** The value of the first line that starts so; empty if there is none. */
    private String line(String file, String name) {
        Matcher line = Pattern.compile("(?m)^" + name + "\\s*:\\s*(.*)$").matcher(text(root.resolve(file)));
        return line.find() ? line.group(1) : "";
    }

    /** Files of the kernel have no size. */
    private static String text(Path file) {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(LONGEST), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}

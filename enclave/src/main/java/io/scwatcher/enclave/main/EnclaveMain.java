package io.scwatcher.enclave.main;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.channel.session.Prover;
import io.scwatcher.enclave.run.LayerRunner;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The enclave: {@code EnclaveMain CONFIGURATION [--once]}. Knows nothing of the host but what its configuration names. Ends with status 78 (EX_CONFIG) if
 * that cannot be followed. With {@code --once} it ends after one tenant's connection.
 */
public final class EnclaveMain {
    private static final int EX_USAGE = 64;
    private static final int EX_CONFIG = 78;
    private static final String ONCE = "--once";

    private EnclaveMain() {}

    public static void main(String[] args) {
        if (args.length < 1 || args.length > 2 || args.length == 2 && !args[1].equals(ONCE)) {
            log("usage: EnclaveMain CONFIGURATION [" + ONCE + "]");
            System.exit(EX_USAGE);
        }
        try {
            serve(EnclaveConfiguration.parse(Files.readAllBytes(Path.of(args[0]))), args.length == 2);
            System.exit(0);
        } catch (NoSuchFileException e) {
            log("there is no file " + e.getFile());
        } catch (IOException | AttestationException e) {
            log(String.valueOf(e.getMessage()));
        }
        System.exit(EX_CONFIG);
    }

    private static void serve(EnclaveConfiguration configuration, boolean once) throws IOException, AttestationException {
        Prover prover = EnclaveIdentity.open(configuration);
        try (ServerSocketChannel listener = listener(configuration.listen());
                LayerRunner runner = new LayerRunner(new AgentVms(configuration, prover), new HostBundles(configuration.bundles(), configuration.allowedBundles()))) {
            runner.sweepFromTimeToTime();
            TenantServer server = new TenantServer(configuration, prover, runner, EnclaveMain::log);
            if (once) {
                server.serveOne(listener);
            } else {
                server.serve(listener);
            }
        }
    }

    private static ServerSocketChannel listener(String where) throws IOException {
        if (where.equals(EnclaveConfiguration.INHERITED)) {
            Channel inherited = System.inheritedChannel();
            if (inherited instanceof ServerSocketChannel listening) {
                return listening;
            }
            throw new IOException("standard input is no listening socket, which the configuration says it is");
        }
        if (where.startsWith("unix:")) {
            return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(where.substring("unix:".length())));
        }
        int colon = where.lastIndexOf(':');
        if (colon < 1 || !where.substring(colon + 1).matches("[0-9]{1,5}")) {
            throw new IOException("the configuration's listen is none of inherited, unix:PATH and HOST:PORT: " + where);
        }
        return ServerSocketChannel.open().bind(new InetSocketAddress(where.substring(0, colon), Integer.parseInt(where.substring(colon + 1))));
    }

    private static void log(String line) {
        System.err.println("scwatcher enclave: " + line);
    }
}

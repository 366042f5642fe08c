package io.scwatcher.host.enclave;

import java.io.IOException;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What a program sees that is confined: printed, a fact a line. */
public final class Inside {
    private Inside() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println("root " + list("/"));
        System.out.println("proc " + list("/proc"));
        for (String path : List.of("/etc/passwd", "/proc/cpuinfo", "/proc/1/root/etc/passwd", "/home", "/tmp", "/sys", arguments[0])) {
            System.out.println(path + (Files.exists(Path.of(path)) ? " is there" : " is not there"));
        }
        System.out.println("given " + Files.readString(Path.of("/given")));
        System.out.println("writes " + writes("/given") + writes("/new") + writes("/dev/new"));
        System.out.println("interfaces " + interfaces());
        System.out.println("connects " + connects(Integer.parseInt(arguments[1])));
        System.out.println("environment " + System.getenv());
        System.out.println("random " + new SecureRandom().generateSeed(8).length);
        if (Files.exists(Path.of("/proc/self/status"))) {
            Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.matches("(CapEff|CapPrm|Uid|NSpid):.*")).forEach(System.out::println);
        }
    }

    private static TreeSet<String> list(String directory) {
        try (Stream<Path> files = Files.list(Path.of(directory))) {
            return new TreeSet<>(files.map(file -> file.getFileName().toString()).toList());
        } catch (IOException e) {
            return new TreeSet<>();
        }
    }

    /** Java fails where there is none. */
    private static List<String> interfaces() {
        try {
            return NetworkInterface.networkInterfaces().map(NetworkInterface::getName).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static boolean writes(String path) {
        try {
            Files.writeString(Path.of(path), "x");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean connects(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}

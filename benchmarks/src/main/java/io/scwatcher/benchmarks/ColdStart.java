package io.scwatcher.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code scwatcher run} as a user starts it, without a warm enclave.
 *
 * @param home where the launcher is
 * @param vm the VM that tools see
 */
record ColdStart(Path home, String vm, Path bundle) {
    /** Wall time in seconds, from the start of the launcher to its end. */
    double seconds(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("cold", ".txt");
        try {
            long start = System.nanoTime();
            int status = new ProcessBuilder(words(List.of(), command)).redirectErrorStream(true).redirectOutput(output.toFile()).start().waitFor();
            double seconds = (System.nanoTime() - start) / 1e9;
            if (status != 0) {
                throw new IOException(String.join(" ", command) + " ended with " + status + ": " + Files.readString(output, StandardCharsets.ISO_8859_1));
            }
            return seconds;
        } finally {
            Files.delete(output);
        }
    }

    /** Where the time of one run more goes, for people. */
    List<String> profile(List<String> command) throws IOException {
        Process process = new ProcessBuilder(words(List.of("--stats"), command)).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        return process.errorReader().lines().map(line -> line.replaceFirst("^scwatcher: ", "")).toList();
    }

    private List<String> words(List<String> options, List<String> command) {
        List<String> words = new ArrayList<>(List.of(home.resolve("scwatcher").toString(), "run", "--enclave", "none", "--vm", vm, "--bundle", bundle.toString()));
        words.addAll(options);
        words.add("--");
        words.addAll(command);
        return words;
    }
}

/** The scwatcher command. */
module io.scwatcher.cli {
    requires io.scwatcher.attestation;
    requires io.scwatcher.benchmarks;
    requires io.scwatcher.bundle;
    requires io.scwatcher.channel;
    requires io.scwatcher.enclave;
    requires io.scwatcher.host;
    requires info.picocli;
    requires com.fasterxml.jackson.databind;

    exports io.scwatcher.cli;
}

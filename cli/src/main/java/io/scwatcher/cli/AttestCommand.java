package io.scwatcher.cli;

/** {@code scwatcher attest}: what enclaves say about themselves, and whether it can be trusted. */
final class AttestCommand extends CommandGroup {
    AttestCommand() {
        super("attest", "Shows and verifies what enclaves say about themselves: DCAP quotes of SGX and TDX, and RA-TLS certificates.");
        add(new AttestShowCommand());
        add(new AttestVerifyCommand());
    }
}

package io.scwatcher.attestation.quote;

import io.scwatcher.attestation.Bytes;

/** What a quote says about the enclave or trust domain that asked for it. */
public sealed interface QuoteBody permits EnclaveReport, TdReport {
    /** 64 bytes that whoever asked for the quote chose. */
    Bytes reportData();

    /** Whether the host can read and change what runs inside. */
    boolean debug();

    /** The body's bytes as in a quote. */
    byte[] encode();
}

package io.scwatcher.attestation.quote;

/** What kind of protected machine a quote is about; the header's TEE type, and 0 in version 3. */
public enum TeeType {
    SGX(0),
    TDX(0x81);

    private final int code;

    TeeType(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}

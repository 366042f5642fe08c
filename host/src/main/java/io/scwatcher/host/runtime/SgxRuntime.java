package io.scwatcher.host.runtime;

/** A runtime that executes an unmodified JVM inside an SGX enclave. */
public enum SgxRuntime {
    /** A library OS; the manifest with all trusted files' digests is part of MRENCLAVE. */
    GRAMINE("Gramine"),
    /** A library OS whose root is an integrity-protected image, whose MAC is part of MRENCLAVE. */
    OCCLUM("Occlum"),
    /** A modified C library; a policy service (CAS) attests the enclave and gives it its arguments and files. */
    SCONE("SCONE");

    private final String title;

    SgxRuntime(String title) {
        this.title = title;
    }

    /** As its makers write it. */
    public String title() {
        return title;
    }
}

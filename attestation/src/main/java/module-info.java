/** Quotes of enclaves: where they come from, what they say, whether they can be trusted. */
module io.scwatcher.attestation {
    requires com.fasterxml.jackson.databind;

    exports io.scwatcher.attestation;
    exports io.scwatcher.attestation.dcap;
    exports io.scwatcher.attestation.policy;
    exports io.scwatcher.attestation.provider;
    exports io.scwatcher.attestation.quote;
    exports io.scwatcher.attestation.ratls;
    exports io.scwatcher.attestation.simulation;
}

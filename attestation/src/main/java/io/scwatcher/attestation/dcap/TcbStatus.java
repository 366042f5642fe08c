package io.scwatcher.attestation.dcap;

import java.util.Arrays;
import java.util.Optional;

/**
 * How a platform's trusted computing base stands, as Intel lists it ("tcbStatus" of TCB information and enclave identities), and
 * the two kinds that Intel's quote verification library finds for trust domains of TDX 1.5.
 */
public enum TcbStatus {
    UP_TO_DATE("UpToDate"),
    SW_HARDENING_NEEDED("SWHardeningNeeded"),
    CONFIGURATION_NEEDED("ConfigurationNeeded"),
    CONFIGURATION_AND_SW_HARDENING_NEEDED("ConfigurationAndSWHardeningNeeded"),
    /** The platform is up to date, but the domain was started before it was: starting it again mends it. */
    TD_RELAUNCH_ADVISED("TDRelaunchAdvised"),
    TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED("TDRelaunchAdvisedConfigurationNeeded"),
    OUT_OF_DATE("OutOfDate"),
    OUT_OF_DATE_CONFIGURATION_NEEDED("OutOfDateConfigurationNeeded"),
    REVOKED("Revoked");

    private final String text;

    TcbStatus(String text) {
        this.text = text;
    }

    /** As Intel writes it. */
    @Override
    public String toString() {
        return text;
    }

    static Optional<TcbStatus> named(String text) {
        return Arrays.stream(values()).filter(status -> status.text.equals(text)).findFirst();
    }

    boolean needsConfiguration() {
        return switch (this) {
            case CONFIGURATION_NEEDED, CONFIGURATION_AND_SW_HARDENING_NEEDED, OUT_OF_DATE_CONFIGURATION_NEEDED,
                    TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED -> true;
            default -> false;
        };
    }

    boolean isOutOfDate() {
        return this == OUT_OF_DATE || this == OUT_OF_DATE_CONFIGURATION_NEEDED;
    }

    /**
     * The status of a platform together with that of a part of it, its quoting enclave or TDX module (Intel's quote
     * verification library, convergeTcbStatusWithQeTcbStatus).
     *
     * @param part UP_TO_DATE, OUT_OF_DATE or REVOKED
     */
    TcbStatus with(TcbStatus part) {
        return switch (part) {
            case REVOKED -> REVOKED;
            case OUT_OF_DATE -> switch (this) {
                case UP_TO_DATE, SW_HARDENING_NEEDED -> OUT_OF_DATE;
                case CONFIGURATION_NEEDED, CONFIGURATION_AND_SW_HARDENING_NEEDED -> OUT_OF_DATE_CONFIGURATION_NEEDED;
                default -> this;
            };
            default -> this;
        };
    }
}

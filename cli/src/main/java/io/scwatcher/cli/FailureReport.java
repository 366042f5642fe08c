package io.scwatcher.cli;

import io.scwatcher.attestation.AttestationException;
import io.scwatcher.attestation.Reason;
import io.scwatcher.enclave.session.ToolRunner.RefusedException;
import io.scwatcher.host.agent.AgentException;
import io.scwatcher.host.enclave.EnclaveException;
import io.scwatcher.kernel.discovery.DiscoveryException;
import io.scwatcher.memory.GuestMemoryException;
import io.scwatcher.os.bundle.BundleException;
import io.scwatcher.testbed.TestbedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns what a command throws into one line and an exit code; the stack trace only with {@code --debug}. */
final class FailureReport implements IExecutionExceptionHandler {
    private final BooleanSupplier debug;

    FailureReport(BooleanSupplier debug) {
        this.debug = debug;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        Throwable cause = failure instanceof UncheckedIOException io ? io.getCause() : failure;
        System.err.println("scwatcher: " + describe(cause));
        if (debug.getAsBoolean()) {
            failure.printStackTrace();
        }
        return exitCode(cause);
    }

    private static String describe(Throwable cause) {
        return switch (cause) {
            case GuestMemoryException told -> told.getMessage();
            case DiscoveryException told -> told.getMessage();
            case TestbedException told -> told.getMessage();
            case RefusedException told -> told.getMessage();
            case EnclaveException told -> told.getMessage();
            case AgentException told -> told.getMessage();
            case AttestationException told -> told.getMessage() + " [" + told.reason() + "]";
            case NoSuchFileException missing -> missing.getFile() + ": no such file";
            case AccessDeniedException denied -> denied.getFile() + ": permission denied; try as root";
            case IOException io -> String.valueOf(io.getMessage());
            default -> "internal error: " + cause + " (run again with --debug and report it)";
        };
    }

    static int exitCode(Throwable cause) {
        return switch (cause) {
            case GuestMemoryException _ -> ExitCode.UNAVAILABLE;
            case DiscoveryException told -> told.category().exitCode();
            case NoSuchFileException _ -> ExitCode.NO_INPUT;
            case AccessDeniedException _ -> ExitCode.NO_PERMISSION;
            case AttestationException told -> exitCode(told.reason());
            case BundleException _ -> ExitCode.DATA;
            case RefusedException told -> told.exitCode();
            case EnclaveException _, AgentException _, IOException _, TestbedException _ -> ExitCode.UNAVAILABLE;
            default -> ExitCode.SOFTWARE;
        };
    }

    private static int exitCode(Reason reason) {
        return switch (reason) {
            case QUOTE_MALFORMED, QUOTE_UNSUPPORTED, CERTIFICATE_MALFORMED, CRL_MALFORMED, COLLATERAL_MALFORMED, TCB_INFO_MALFORMED,
                    QE_IDENTITY_MALFORMED, EVIDENCE_MALFORMED, EVIDENCE_MISSING, STATEMENT_MALFORMED -> ExitCode.DATA;
            case PROVIDER_UNAVAILABLE, PROVIDER_FAILED -> ExitCode.UNAVAILABLE;
            default -> ExitCode.NO_PERMISSION;
        };
    }
}

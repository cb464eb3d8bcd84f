package io.sluice.admin.provision;

/** A change was refused or taken back; the message is one sentence with the fix where there is one. */
final class ProvisionException extends Exception {
    private static final long serialVersionUID = 1L;

    ProvisionException(String message) {
        super(message);
    }

    ProvisionException(String message, Throwable cause) {
        super(message, cause);
    }
}

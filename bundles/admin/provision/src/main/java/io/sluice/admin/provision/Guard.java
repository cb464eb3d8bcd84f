package io.sluice.admin.provision;

import io.sluice.admin.api.CommandException;
import io.sluice.admin.api.Invocation;
import io.sluice.admin.api.SimpleCommand;
import org.osgi.framework.BundleException;

/** Turns what a change was refused for into the command's one sentence. */
final class Guard {
    private static final int REFUSED = 1;

    private Guard() {}

    /** A command's work, with the failures of provisioning. */
    @FunctionalInterface
    interface Action {
        int run(Invocation invocation) throws Exception;
    }

    static SimpleCommand.Action of(Action action) {
        return invocation -> {
            try {
                return action.run(invocation);
            } catch (ProvisionException e) {
                throw new CommandException(REFUSED, String.valueOf(e.getMessage()));
            } catch (BundleException e) {
                throw new CommandException(REFUSED, Provisioner.reason(e));
            }
        };
    }
}

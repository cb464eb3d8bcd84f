package io.sluice.admin.provision;

import io.sluice.admin.api.Invocation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Shows what a change does before it is done. One that restarts no other bundle goes ahead; one that does needs
 * {@code --cascade}, and a yes: by {@code --yes} or by answering.
 */
final class Agreement {
    private Agreement() {}

    /**
     * @return false when the user only wanted to see it, or said no
     * @throws ProvisionException when it needs {@code --cascade}
     */
    static boolean obtained(Invocation invocation, Preview preview) throws ProvisionException, IOException {
        boolean dryRun = invocation.flag("dry-run");
        if (dryRun && invocation.json()) {
            invocation.object(describe(preview));
            return false;
        }
        if (!invocation.json()) {
            invocation.out().println(preview.sentence());
            invocation.out().flush();
        }
        if (dryRun) {
            return false;
        }
        preview.requireAgreement(invocation.flag("cascade"));
        return preview.restarts().isEmpty() || invocation.flag("yes") || answeredYes(invocation);
    }

    /** Says that it was done: the sentence, or what changed as JSON. */
    static void done(Invocation invocation, Preview preview, String sentence) {
        if (invocation.json()) {
            invocation.object(describe(preview));
        } else {
            invocation.out().println(sentence);
        }
    }

    private static Map<String, Object> describe(Preview preview) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("name", preview.name());
        values.put("from", preview.from());
        values.put("to", preview.to());
        values.put("restarts", preview.restarts());
        return values;
    }

    private static boolean answeredYes(Invocation invocation) throws IOException {
        invocation.out().print("go on? [y/N] ");
        invocation.out().flush();
        BufferedReader reader = new BufferedReader(new InputStreamReader(invocation.in(), StandardCharsets.UTF_8));
        String answer = reader.readLine();
        boolean yes = answer != null
                && answer.trim().toLowerCase(java.util.Locale.ROOT).startsWith("y");
        if (!yes) {
            invocation.out().println("nothing was changed");
        }
        return yes;
    }
}

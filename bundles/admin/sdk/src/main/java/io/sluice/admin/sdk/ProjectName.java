package io.sluice.admin.sdk;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What the author calls the plugin, in the forms that a project needs.
 *
 * @param name as topics and broker keys name it: small letters, digits and hyphens
 * @param packageName the root package, which is the bundle's symbolic name too
 */
record ProjectName(String name, String packageName) {
    private static final String WORD = "[a-z][a-z0-9]*";
    private static final String NAME = WORD + "(-[a-z0-9]+)*";
    private static final String PACKAGE = "[a-z_][a-z0-9_]*(\\.[a-z_][a-z0-9_]*)+";

    ProjectName {
        if (!name.matches(NAME)) {
            throw new IllegalArgumentException(
                    name
                            + " is no name for a plugin: it is made of small letters, digits and hyphens, and begins with a letter");
        }
        if (!packageName.matches(PACKAGE)) {
            throw new IllegalArgumentException(packageName + " is no package: give one such as org.acme.ledger");
        }
    }

    static ProjectName of(String name) {
        return new ProjectName(name, "org.example." + name.replaceAll("[^a-z0-9]", ""));
    }

    /** With what the names of classes begin: {@code LedgerBox} for {@code ledger-box}. */
    String classPrefix() {
        return Arrays.stream(name.split("-"))
                .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                .collect(Collectors.joining());
    }
}

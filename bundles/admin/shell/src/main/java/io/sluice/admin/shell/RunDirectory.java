package io.sluice.admin.shell;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The places that the launcher and this bundle agree on, from the framework's properties. */
final class RunDirectory {
    private RunDirectory() {}

    /** {@code sluice.socket} where it is given; else {@code run/sluice.sock} in the data directory. */
    static Path socket(UnaryOperator<@Nullable String> properties) {
        String given = properties.apply("sluice.socket");
        return given != null ? Path.of(given).toAbsolutePath() : of(properties).resolve("sluice.sock");
    }

    /** @throws IllegalStateException when the framework was not started by our launcher */
    static Path of(UnaryOperator<@Nullable String> properties) {
        String data = properties.apply("sluice.data");
        if (data == null) {
            throw new IllegalStateException("the framework property sluice.data is not set");
        }
        return Path.of(data).toAbsolutePath().resolve("run");
    }
}

package io.sluice.broker.api;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** The replaceable parts as the kernel's registries have them. A service of the kernel's, for the shell and the proofs. */
@ProviderType
public interface PartRegistries {
    List<Part> parts();

    /** The bundle was removed: the APIs that it alone answered are withdrawn once no request waits for them any more. */
    void forget(String bundle);

    /**
     * One role and who holds it.
     *
     * @param kind {@code engine}, {@code transport}, {@code replication}, {@code authorizer}, {@code authenticator} or {@code handler}
     * @param name the type's name, or the API's
     * @param state {@code Open}, {@code Opening}, {@code Closing}, {@code Absent} or {@code Failed}
     * @param bundle the symbolic name of the holder's bundle, empty when absent
     * @param version its version
     * @param reason why it is not open, in one sentence; empty when it is
     * @param openings how often the role was opened since the start
     * @param parkedNow requests that wait for it
     * @param facts more, by name
     */
    record Part(
            String kind,
            String name,
            String state,
            String bundle,
            String version,
            String reason,
            long openings,
            int parkedNow,
            Map<String, String> facts) {}
}

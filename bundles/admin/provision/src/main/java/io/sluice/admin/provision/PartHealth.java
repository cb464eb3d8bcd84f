package io.sluice.admin.provision;

import io.sluice.base.Time;
import io.sluice.broker.api.PartRegistries.Part;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/** Health by what components and the kernel's registries say. Asks again every few milliseconds until it is decided or the time is over. */
final class PartHealth implements BundleHealth {
    private static final long PATIENCE_MS = 8_000;
    private static final long PAUSE_MS = 20;

    private final BundleDiagnosis diagnosis;
    private final Time time;

    PartHealth(BundleDiagnosis diagnosis, Time time) {
        this.diagnosis = diagnosis;
        this.time = time;
    }

    @Override
    public boolean isWell(Bundle bundle) {
        return diagnosis.problem(bundle) == null;
    }

    @Override
    public List<String> roles(Bundle bundle) {
        return diagnosis.parts(bundle.getSymbolicName()).stream()
                .filter(part -> part.state().equals("Open"))
                .map(PartHealth::role)
                .toList();
    }

    @Override
    public @Nullable String awaitFailure(Bundle bundle, List<String> rolesBefore) {
        String version = bundle.getVersion().toString();
        long deadline = time.milliseconds() + PATIENCE_MS;
        while (true) {
            String problem = diagnosis.problem(bundle);
            List<Part> parts = diagnosis.parts(bundle.getSymbolicName());
            List<String> open = parts.stream()
                    .filter(part ->
                            part.state().equals("Open") && part.version().equals(version))
                    .map(PartHealth::role)
                    .toList();
            boolean opening = parts.stream().anyMatch(part -> part.state().equals("Opening"));
            if (problem == null && !opening && open.containsAll(rolesBefore)) {
                return null;
            }
            boolean failed = parts.stream()
                    .anyMatch(part ->
                            part.state().equals("Failed") && part.version().equals(version));
            if (problem != null && failed || time.milliseconds() >= deadline) {
                return problem != null ? problem : missing(rolesBefore, open);
            }
            pause();
        }
    }

    @Override
    public void forget(String name) {
        diagnosis.forget(name);
    }

    private static String missing(List<String> rolesBefore, List<String> open) {
        List<String> missing =
                rolesBefore.stream().filter(role -> !open.contains(role)).toList();
        return String.join(", ", missing) + " did not open within " + PATIENCE_MS / 1000 + " s";
    }

    private static String role(Part part) {
        return part.kind() + " " + part.name();
    }

    private static void pause() {
        try {
            new CountDownLatch(1).await(PAUSE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

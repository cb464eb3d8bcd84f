package io.sluice.admin.metrics;

import io.sluice.admin.api.HealthCheck;
import io.sluice.admin.api.HealthCheck.Finding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is answered at which path. Any thread; a page may take as long as the questions behind it. */
final class Pages {
    static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

    private static final Logger LOG = LoggerFactory.getLogger(Pages.class);
    private static final int PROBLEMS_MAX = 50;

    private final Supplier<String> metrics;
    private final Readiness readiness;
    private final Collection<HealthCheck> checks;

    /** @param checks may change while it is used */
    Pages(Supplier<String> metrics, Readiness readiness, Collection<HealthCheck> checks) {
        this.metrics = metrics;
        this.readiness = readiness;
        this.checks = checks;
    }

    Page at(String path) {
        return switch (path) {
            case "/metrics" -> new Page(200, "OK", METRICS, metrics.get());
            case "/health" -> health();
            case "/ready" -> ready();
            default -> Page.text(404, "Not Found", "There is /metrics, /health and /ready.");
        };
    }

    private Page ready() {
        String obstacle = readiness.obstacle();
        return obstacle == null
                ? Page.json(200, "OK", "{\"ready\":true}")
                : Page.json(
                        503, "Service Unavailable", "{\"ready\":false,\"reason\":" + JsonText.quoted(obstacle) + "}");
    }

    /** The process is up, or nobody would answer; what the doctor finds is told with it. */
    private Page health() {
        List<Finding> findings = new ArrayList<>();
        for (HealthCheck check : checks) {
            try {
                findings.addAll(check.look());
            } catch (RuntimeException | LinkageError e) {
                LOG.warn("{} failed", check.getClass().getName(), e);
                findings.add(
                        Finding.warning(check.getClass().getName(), "this check failed: " + e, "log:tail shows where"));
            }
        }
        StringBuilder json = new StringBuilder("{\"status\":\"up\",\"problems\":[");
        for (int i = 0; i < Math.min(PROBLEMS_MAX, findings.size()); i++) {
            Finding finding = findings.get(i);
            json.append(i == 0 ? "" : ",")
                    .append("{\"severity\":")
                    .append(JsonText.quoted(finding.severity()))
                    .append(",\"about\":")
                    .append(JsonText.quoted(finding.about()))
                    .append(",\"problem\":")
                    .append(JsonText.quoted(finding.problem()))
                    .append(",\"fix\":")
                    .append(JsonText.quoted(finding.fix()))
                    .append('}');
        }
        json.append("],\"more\":")
                .append(Math.max(0, findings.size() - PROBLEMS_MAX))
                .append('}');
        return Page.json(200, "OK", json.toString());
    }
}

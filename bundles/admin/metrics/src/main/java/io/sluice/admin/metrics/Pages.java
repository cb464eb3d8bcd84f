package io.sluice.admin.metrics;

import io.sluice.admin.api.HealthCheck.Finding;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * What is answered at which path. Any thread; a page may take as long as the questions behind it. Few may scrape at a time, so that whoever asks whether the
 * broker is up or ready finds a thread.
 */
final class Pages {
    static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

    /** One scrapes, and the others wait for it. */
    static final int SCRAPING_MAX = HttpServer.ANSWERING_MAX / 2;

    private static final int PROBLEMS_MAX = 50;

    private final Supplier<String> metrics;
    private final Readiness readiness;
    private final Findings findings;
    private final Semaphore scrapes = new Semaphore(SCRAPING_MAX);

    Pages(Supplier<String> metrics, Readiness readiness, Findings findings) {
        this.metrics = metrics;
        this.readiness = readiness;
        this.findings = findings;
    }

    Page at(String path) {
        return switch (path) {
            case "/metrics" -> metrics();
            case "/health" -> health();
            case "/ready" -> ready();
            default -> Page.text(404, "Not Found", "There is /metrics, /health and /ready.");
        };
    }

    private Page metrics() {
        if (!scrapes.tryAcquire()) {
            return Page.text(503, "Service Unavailable", "Too many scrape at once; try again.");
        }
        try {
            return new Page(200, "OK", METRICS, metrics.get());
        } finally {
            scrapes.release();
        }
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
        List<Finding> found = findings.now();
        StringBuilder json = new StringBuilder("{\"status\":\"up\",\"problems\":[");
        for (int i = 0; i < Math.min(PROBLEMS_MAX, found.size()); i++) {
            Finding finding = found.get(i);
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
                .append(Math.max(0, found.size() - PROBLEMS_MAX))
                .append('}');
        return Page.json(200, "OK", json.toString());
    }
}

package io.sluice.itests;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What /metrics said at one time. */
final class Scrape {
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(.*)\\})? (\\S+)");

    private final Map<String, Double> samples = new HashMap<>();

    private Scrape(String text) {
        for (String line : text.split("\n")) {
            Matcher matcher = SAMPLE.matcher(line);
            if (!line.startsWith("#") && !matcher.matches()) {
                throw new IllegalArgumentException("this is no sample: " + line);
            }
            if (!line.startsWith("#")) {
                String labels = matcher.group(3) == null ? "" : "{" + matcher.group(3) + "}";
                if (samples.put(matcher.group(1) + labels, Double.parseDouble(matcher.group(4))) != null) {
                    throw new IllegalArgumentException("this sample is there twice: " + line);
                }
            }
        }
    }

    static Scrape of(BrokerProcess broker) throws Exception {
        HttpResponse<String> answer = get(broker, "/metrics");
        if (answer.statusCode() != 200) {
            throw new IOException("/metrics was answered with " + answer.statusCode() + ": " + answer.body());
        }
        return new Scrape(answer.body());
    }

    static HttpResponse<String> get(BrokerProcess broker, String path) throws Exception {
        Path file = broker.data().resolve("run").resolve("metrics");
        URI uri = URI.create("http://" + Files.readString(file).trim() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    boolean has(String sample) {
        return samples.containsKey(sample);
    }

    /** The value of a sample, named with its labels as they are written; 0 when it is not there. */
    long count(String sample) {
        return (long) value(sample);
    }

    double value(String sample) {
        return samples.getOrDefault(sample, 0.0);
    }

    int size() {
        return samples.size();
    }
}

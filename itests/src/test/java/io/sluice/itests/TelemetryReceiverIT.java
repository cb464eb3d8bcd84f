package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.MetricsData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bundle that is installed while clients run gets the metrics that Kafka's own producer pushes. */
class TelemetryReceiverIT {
    private static final String ACTIVATOR = "org.example.receiver.Receiver";

    @TempDir
    Path folder;

    @Test
    void shouldHandWhatClientsPushToAnInstalledReceiver() throws Exception {
        Path pushes = folder.resolve("pushes.txt");
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            broker.must("plugin:install", receiver(pushes).toString());
            Clients.createTopic(broker.bootstrap(), "pushed-about", 1, Map.of());
            try (Admin admin = Clients.admin(broker.bootstrap())) {
                ConfigResource subscription = new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "all");
                admin.incrementalAlterConfigs(
                                Map.of(subscription, List.of(set("metrics", "*"), set("interval.ms", "200"))))
                        .all()
                        .get();
            }
            try (KafkaProducer<byte[], byte[]> producer =
                    Clients.producer(broker.bootstrap(), "client.id", "telling", "enable.metrics.push", "true")) {
                producer.send(new ProducerRecord<>("pushed-about", new byte[100]))
                        .get();
                await().ignoreExceptions().atMost(Duration.ofSeconds(20)).until(() -> names(pushes).stream()
                        .anyMatch(name -> name.startsWith("org.apache.kafka.producer.")));
            }
            assertThat(lines(pushes)).allMatch(line -> line.contains(" telling apache-kafka-java "));
        }
    }

    private static AlterConfigOp set(String key, String value) {
        return new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
    }

    private static List<String> lines(Path pushes) throws Exception {
        return Files.exists(pushes) ? Files.readAllLines(pushes) : List.of();
    }

    /** The names of all metrics that were pushed, as OpenTelemetry's protocol has them. */
    private static Set<String> names(Path pushes) throws Exception {
        Set<String> names = new TreeSet<>();
        for (String line : new ArrayList<>(lines(pushes))) {
            String[] words = line.split(" ");
            MetricsData.parseFrom(Base64.getDecoder().decode(words[words.length - 1]))
                    .getResourceMetricsList()
                    .forEach(resource -> resource.getScopeMetricsList()
                            .forEach(scope -> scope.getMetricsList().forEach(metric -> names.add(metric.getName()))));
        }
        return names;
    }

    private Path receiver(Path pushes) throws Exception {
        String source = """
                package org.example.receiver;

                import io.sluice.request.api.telemetry.ClientMetricsReceiver;
                import io.sluice.request.api.telemetry.PushedMetrics;
                import java.io.IOException;
                import java.io.UncheckedIOException;
                import java.nio.file.Files;
                import java.nio.file.Path;
                import java.nio.file.StandardOpenOption;
                import java.util.Base64;
                import org.osgi.framework.BundleActivator;
                import org.osgi.framework.BundleContext;

                public final class Receiver implements BundleActivator, ClientMetricsReceiver {
                    @Override
                    public void start(BundleContext context) {
                        context.registerService(ClientMetricsReceiver.class, this, null);
                    }

                    @Override
                    public void stop(BundleContext context) {}

                    @Override
                    public synchronized void receive(PushedMetrics metrics) {
                        byte[] bytes = new byte[metrics.otlp().remaining()];
                        metrics.otlp().get(bytes);
                        String line = (metrics.terminating() ? "last " : "push ") + metrics.clientId() + " "
                                + metrics.software().name() + " " + Base64.getEncoder().encodeToString(bytes) + "\\n";
                        try {
                            Files.writeString(Path.of("%s"), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }
                }
                """.formatted(pushes);
        return CompiledBundle.of(
                ACTIVATOR,
                source,
                List.of("io.sluice.base", "io.sluice.protocol", "io.sluice.security.api", "io.sluice.request.api"),
                List.of(
                        "org.osgi.framework",
                        "io.sluice.request.api;version=\"[1.0,2)\"",
                        "io.sluice.request.api.telemetry;version=\"[1.0,2)\""),
                folder);
    }
}

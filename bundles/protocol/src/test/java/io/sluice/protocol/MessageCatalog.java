package io.sluice.protocol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Every generated message beside Kafka's class of the same schema. */
final class MessageCatalog {
    private static final Map<String, String> KAFKA_PACKAGES = Map.of(
            "message", "org.apache.kafka.common.message",
            "group", "org.apache.kafka.coordinator.group.generated",
            "metadata", "org.apache.kafka.common.metadata",
            "storage", "org.apache.kafka.server.log.remote.metadata.storage.generated",
            "txn", "org.apache.kafka.coordinator.transaction.generated",
            "share", "org.apache.kafka.coordinator.share.generated");

    private MessageCatalog() {}

    record Entry(Class<? extends Message> ours, Class<? extends org.apache.kafka.common.protocol.Message> theirs) {
        Message newOurs() {
            return create(ours);
        }

        org.apache.kafka.common.protocol.Message newTheirs() {
            return create(theirs);
        }

        private static <T> T create(Class<T> type) {
            try {
                return type.getConstructor().newInstance();
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public String toString() {
            return ours.getSimpleName();
        }
    }

    static List<Entry> all() {
        List<Entry> entries = new ArrayList<>();
        KAFKA_PACKAGES.keySet().stream().sorted().forEach(name -> entries.addAll(inPackage(name)));
        return entries;
    }

    private static List<Entry> inPackage(String name) {
        try {
            Path classes = Path.of(Message.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            try (Stream<Path> files =
                    Files.list(classes.resolve("io/sluice/protocol").resolve(name))) {
                return files.map(file -> file.getFileName().toString())
                        .filter(file -> file.endsWith(".class") && !file.contains("$") && !file.contains("-"))
                        .sorted()
                        .map(file -> entry(name, file.substring(0, file.length() - ".class".length())))
                        .toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Entry entry(String packageName, String className) {
        String kafka = KAFKA_PACKAGES.get(packageName) + "." + className;
        return new Entry(
                load("io.sluice.protocol." + packageName + "." + className).asSubclass(Message.class),
                (exists(kafka + "Data") ? load(kafka + "Data") : load(kafka))
                        .asSubclass(org.apache.kafka.common.protocol.Message.class));
    }

    private static boolean exists(String name) {
        return MessageCatalog.class.getClassLoader().getResource(name.replace('.', '/') + ".class") != null;
    }

    private static Class<?> load(String name) {
        try {
            Class<?> type = Class.forName(name);
            if (!Modifier.isPublic(type.getModifiers())) {
                throw new IllegalStateException(name + " is not public");
            }
            return type;
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}

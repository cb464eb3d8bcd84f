package io.sluice.protocol.generator;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The generator's entry: {@code ProtocolGenerator OUTPUT PACKAGE=SCHEMAS...}, where each SCHEMAS is a folder that is searched for
 * schema files. Schemas without a valid version are left out.
 */
public final class ProtocolGenerator {
    private static final String ROOT_PACKAGE = "io.sluice.protocol";

    private final SchemaParser parser = new SchemaParser();
    private final ApiKeyEmitter apiKeys = new ApiKeyEmitter();
    private final SourceFolder sources;

    private ProtocolGenerator(Path output) {
        this.sources = new SourceFolder(output);
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 2) {
            throw new IllegalArgumentException("usage: OUTPUT PACKAGE=SCHEMAS...");
        }
        ProtocolGenerator generator = new ProtocolGenerator(Path.of(arguments[0]));
        for (String argument : List.of(arguments).subList(1, arguments.length)) {
            int equals = argument.indexOf('=');
            generator.generatePackage(argument.substring(0, equals), Path.of(argument.substring(equals + 1)));
        }
        generator.finish();
    }

    private void generatePackage(String packageName, Path schemas) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(schemas)) {
            files = walk.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
        if (files.isEmpty()) {
            throw new IOException("no schemas in " + schemas);
        }
        for (Path file : files) {
            MessageSpec message = parser.parse(file);
            if (message.versions().isEmpty()) {
                continue;
            }
            apiKeys.add(message);
            sources.write(packageName, message.name(), MessageEmitter.emit(message, packageName));
        }
        sources.write(
                packageName,
                "package-info",
                MessageEmitter.packageInfo(
                        packageName,
                        "Messages generated from the schemas of Kafka: mutable data, for one thread at a time."));
    }

    private void finish() throws IOException {
        try (InputStream template = ProtocolGenerator.class.getResourceAsStream("ApiKey.template")) {
            if (template == null) {
                throw new IOException("ApiKey.template is missing");
            }
            String text = new String(template.readAllBytes(), StandardCharsets.UTF_8);
            sources.write(ROOT_PACKAGE, "ApiKey", apiKeys.emit(text));
        }
        sources.deleteStale();
        System.out.println(sources.summary());
    }
}

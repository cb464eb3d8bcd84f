package io.sluice.itests.container;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemPackages;
import static org.ops4j.pax.exam.CoreOptions.workingDirectory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.options.UrlProvisionOption;

/** The bundles that the distribution's features {@code edge} and {@code standard} name, as Pax Exam provisions them. */
final class StandardFeature {
    private static final Pattern BUNDLE = Pattern.compile("\"id\":\\s*\"([^:\"]+):([^:\"]+):([^:\"]+)\"");
    private static final int LEVEL = 2;
    private static final int KERNEL_LEVEL = 3;
    private static final int TEST_LEVEL = 5;
    private static final String KERNEL = "sluice-broker-kernel";

    private StandardFeature() {}

    /** A broker on a free port, with data of its own; all its files are below {@code target/}. */
    static Option broker(String name) {
        try {
            Path home = Path.of(System.getProperty("sluice.home", "../distribution/target/sluice-0.1.0"))
                    .toAbsolutePath()
                    .normalize();
            Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
            Path data = Files.createTempDirectory(target, name);
            Files.createDirectories(data.resolve("deploy"));
            System.setProperty("sluice.log", data.resolve("sluice.log").toString());
            List<Option> options = new ArrayList<>();
            options.add(junitBundles());
            options.add(systemPackages("sun.misc"));
            // a folder for each: a native library is loaded from one path by one class loader only
            options.add(workingDirectory(data.resolve("framework").toString()));
            options.add(frameworkStartLevel(TEST_LEVEL));
            options.add(frameworkProperty("sluice.home").value(home.toString()));
            options.add(frameworkProperty("sluice.data").value(data.toString()));
            options.add(frameworkProperty("sluice.config.set").value("listeners=PLAINTEXT://127.0.0.1:0"));
            options.add(frameworkProperty("sluice.socket").value(socket()));
            options.add(frameworkProperty("gosh.args").value("--nointeractive --noshutdown"));
            options.add(frameworkProperty("gosh.home").value(home.toString()));
            options.add(frameworkProperty("ds.loglevel").value("2"));
            for (String feature : List.of("edge", "standard")) {
                options.addAll(bundles(home, feature));
            }
            return composite(options.toArray(new Option[0]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A path short enough for a socket. */
    private static String socket() throws IOException {
        Path folder = Files.createTempDirectory("sluice");
        folder.toFile().deleteOnExit();
        return folder.resolve("s").toString();
    }

    private static List<Option> bundles(Path home, String feature) throws IOException {
        List<Option> bundles = new ArrayList<>();
        Matcher named = BUNDLE.matcher(Files.readString(home.resolve("features").resolve(feature + ".json"))
                .replaceAll("(?s)^.*\"bundles\"", ""));
        while (named.find()) {
            Path jar = home.resolve("system").resolve(named.group(2) + "-" + named.group(3) + ".jar");
            UrlProvisionOption option =
                    bundle(jar.toUri().toString()).startLevel(named.group(2).equals(KERNEL) ? KERNEL_LEVEL : LEVEL);
            bundles.add(isFragment(jar) ? option.noStart() : option);
        }
        return bundles;
    }

    private static boolean isFragment(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest().getMainAttributes().getValue("Fragment-Host") != null;
        }
    }
}

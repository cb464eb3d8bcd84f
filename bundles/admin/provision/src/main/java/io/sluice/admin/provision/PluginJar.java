package io.sluice.admin.provision;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipException;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * A bundle's jar as it lies on disk, with what its manifest says.
 *
 * @param sha256 of the whole file, in hex
 */
record PluginJar(Path path, String name, Version version, boolean fragment, String sha256) {
    private static final int BUFFER_BYTES = 1 << 16;

    /** @throws ProvisionException when the file is no whole jar, or not one of a bundle */
    static PluginJar read(Path path) throws ProvisionException {
        try (JarFile jar = new JarFile(path.toFile(), true)) {
            Manifest manifest = jar.getManifest();
            String name = manifest == null ? null : header(manifest, Constants.BUNDLE_SYMBOLICNAME);
            if (name == null) {
                throw new ProvisionException(path + " is no bundle: its manifest has no Bundle-SymbolicName");
            }
            String version = header(manifest, Constants.BUNDLE_VERSION);
            return new PluginJar(
                    path,
                    name,
                    version == null ? Version.emptyVersion : Version.parseVersion(version),
                    header(manifest, Constants.FRAGMENT_HOST) != null,
                    sha256(path));
        } catch (ZipException e) {
            throw new ProvisionException(path + " is no jar, or is not written to its end: " + e.getMessage(), e);
        } catch (IOException | IllegalArgumentException e) {
            throw new ProvisionException(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static @org.jspecify.annotations.Nullable String header(Manifest manifest, String name) {
        Attributes attributes = manifest.getMainAttributes();
        String value = attributes.getValue(name);
        return value == null ? null : value.split(";")[0].trim();
    }

    static String sha256(Path path) throws IOException {
        try (InputStream in = new DigestInputStream(Files.newInputStream(path), digest())) {
            MessageDigest digest = ((DigestInputStream) in).getMessageDigest();
            byte[] buffer = new byte[BUFFER_BYTES];
            int count;
            do {
                count = in.read(buffer);
            } while (count >= 0);
            return HexFormat.of().formatHex(digest.digest());
        }
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}

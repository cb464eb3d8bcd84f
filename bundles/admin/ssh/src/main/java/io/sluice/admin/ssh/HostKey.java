package io.sluice.admin.ssh;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Collections;
import java.util.Iterator;
import java.util.Objects;
import java.util.Set;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker's own key, by which clients know it again: ECDSA over P-256, in OpenSSH's format in {@code ssh/host_key}, mode 0600, with the public half beside it. Made when there is
 * none.
 */
final class HostKey {
    static final String FILE = "host_key";

    private static final Logger LOG = LoggerFactory.getLogger(HostKey.class);

    private HostKey() {}

    /** Reads it, or makes it, with its directory. */
    static KeyPair in(Path directory) throws IOException {
        makeOwnDirectory(directory);
        Path file = directory.resolve(FILE);
        try {
            return Files.exists(file) ? read(file) : make(file);
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static void makeOwnDirectory(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            Files.createDirectories(directory, ownerOnly(directory.toAbsolutePath(), "rwx------"));
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path made, String mode) throws IOException {
        FileStore store = Files.getFileStore(Objects.requireNonNull(made.getParent()));
        return store.supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }

    private static KeyPair read(Path file) throws IOException {
        FileGuard.Objection objection = FileGuard.objectionToReaders(file);
        if (objection != null) {
            throw new IOException(objection.what() + "; set that right with: " + objection.fix());
        }
        Iterator<KeyPair> pairs = pairs(file);
        if (!pairs.hasNext()) {
            throw new IOException(file + " holds no key; without it a new one is made");
        }
        return pairs.next();
    }

    private static Iterator<KeyPair> pairs(Path file) throws IOException {
        try {
            Iterable<KeyPair> found = SecurityUtils.loadKeyPairIdentities(
                    null,
                    NamedResource.ofName(file.toString()),
                    new ByteArrayInputStream(Files.readAllBytes(file)),
                    null);
            return found == null ? Collections.emptyIterator() : found.iterator();
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new IOException(file + " holds no key that can be read: " + e.getMessage(), e);
        }
    }

    private static KeyPair make(Path file) throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, "sluice", null, text);
        Path part = file.resolveSibling(FILE + ".part");
        Files.deleteIfExists(part);
        try (FileChannel channel = FileChannel.open(
                part,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                ownerOnly(file.toAbsolutePath(), "rw-------"))) {
            ByteBuffer bytes = ByteBuffer.wrap(text.toByteArray());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        Files.writeString(file.resolveSibling(FILE + ".pub"), PublicKeyEntry.toString(pair.getPublic()) + " sluice\n");
        LOG.info("a host key was made: {}", file);
        return pair;
    }
}

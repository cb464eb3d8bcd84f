package io.sluice.admin.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostKeyTest {
    @TempDir
    Path data;

    @Test
    void shouldMakeAKeyOnceForItsOwnerOnly() throws IOException {
        Path directory = data.resolve("ssh");
        KeyPair made = HostKey.in(directory);
        Path file = directory.resolve(HostKey.FILE);
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(mode(directory)).isEqualTo("rwx------");
        assertThat(Files.readString(file)).startsWith("-----BEGIN OPENSSH PRIVATE KEY-----");
        assertThat(Files.readString(directory.resolve("host_key.pub"))).startsWith("ecdsa-sha2-nistp256 AAAA");

        KeyPair again = HostKey.in(directory);
        assertThat(again.getPublic()).isEqualTo(made.getPublic());
        assertThat(again.getPrivate()).isEqualTo(made.getPrivate());
    }

    @Test
    void shouldRefuseAKeyThatOthersMayRead() throws IOException {
        Path file = data.resolve(HostKey.FILE);
        HostKey.in(data);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> HostKey.in(data))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("rw-r--r--")
                .hasMessageContaining("chmod 600 " + file);
    }

    @Test
    void shouldSayThatAFileHoldsNoKey() throws IOException {
        Path file = Files.createFile(
                data.resolve(HostKey.FILE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        assertThatThrownBy(() -> HostKey.in(data))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
        Files.writeString(file, "-----BEGIN OPENSSH PRIVATE KEY-----\nnonsense\n-----END OPENSSH PRIVATE KEY-----\n");
        assertThatThrownBy(() -> HostKey.in(data))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}

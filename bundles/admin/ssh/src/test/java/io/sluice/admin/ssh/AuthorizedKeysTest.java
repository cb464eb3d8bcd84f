package io.sluice.admin.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthorizedKeysTest {
    @TempDir
    Path data;

    private Path file;
    private AuthorizedKeys keys;

    @BeforeEach
    void open() throws IOException {
        mode(data, "rwxr-xr-x");
        Path directory = data.resolve("ssh");
        HostKey.in(directory);
        file = directory.resolve(AuthorizedKeys.FILE);
        keys = new AuthorizedKeys(directory, data);
    }

    @Test
    void shouldLetInTheKeysOfTheFile() throws IOException {
        KeyPair ada = Keys.ecdsa();
        KeyPair bob = Keys.ed25519();
        KeyPair cyd = Keys.rsa(2048);
        write("# who may come in", Keys.line(ada, "ada@home"), "", "  " + Keys.line(bob, "bob"), Keys.line(cyd, ""));

        assertThat(keys.find(ada.getPublic()).comment()).isEqualTo("ada@home");
        assertThat(keys.find(bob.getPublic()).comment()).isEqualTo("bob");
        assertThat(keys.find(cyd.getPublic())).isNotNull();
        assertThat(keys.find(Keys.ecdsa().getPublic())).isNull();
        assertThat(keys.find(Keys.ed25519().getPublic())).isNull();
        assertThat(keys.reload()).isEmpty();
    }

    @Test
    void shouldNameALineThatCannotBeUsedAndGoOnWithTheOthers() throws IOException {
        KeyPair ada = Keys.ecdsa();
        String line = Keys.line(ada, "ada");
        write(
                "ecdsa-sha2-nistp256 AAAAnonsense ada",
                "hello",
                "command=\"topic:list\" " + line,
                "ssh-ed25519 " + line.split(" ")[1],
                Keys.line(Keys.rsa(1024), "weak"),
                "ssh-ed25519",
                line);

        assertThat(keys.find(ada.getPublic())).isNotNull();
        List<AuthorizedKeys.Problem> problems = keys.reload();
        assertThat(problems)
                .extracting(AuthorizedKeys.Problem::where)
                .containsExactly(file + ":1", file + ":2", file + ":3", file + ":4", file + ":5", file + ":6");
        assertThat(problems.get(0).what()).contains("damaged");
        assertThat(problems.get(1).what()).contains("hello", "ssh-ed25519");
        assertThat(problems.get(2).what()).contains("options before a key are not supported");
        assertThat(problems.get(3).what()).contains("ssh-ed25519");
        assertThat(problems.get(4).what()).contains("1024 bits");
        assertThat(problems.get(5).what()).contains("missing");
    }

    @Test
    void shouldReadTheFileAnewWhenItHasChanged() throws IOException {
        KeyPair ada = Keys.ecdsa();
        KeyPair bob = Keys.ecdsa();
        assertThat(keys.find(ada.getPublic())).isNull();
        assertThat(keys.reload().get(0).what()).contains("not there");
        write(Keys.line(ada, "ada"));
        assertThat(keys.find(ada.getPublic())).isNotNull();
        write(Keys.line(bob, "somebody else"));
        assertThat(keys.find(ada.getPublic())).isNull();
        assertThat(keys.find(bob.getPublic())).isNotNull();
        write("# nobody");
        assertThat(keys.find(bob.getPublic())).isNull();
        assertThat(keys.reload().get(0).what()).contains("no key in it");
        Files.delete(file);
        assertThat(keys.find(bob.getPublic())).isNull();
    }

    @Test
    void shouldUseNoKeyOfAFileThatOthersMayWrite() throws IOException {
        KeyPair ada = Keys.ecdsa();
        write(Keys.line(ada, "ada"));
        for (Path path : List.of(file, file.getParent(), data)) {
            String before = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
            for (String open : List.of("rwxrwxr-x", "rwxr-xrwx")) {
                mode(path, open);
                assertThat(keys.find(ada.getPublic())).as("%s %s", path, open).isNull();
                assertThat(keys.reload()).singleElement().satisfies(problem -> {
                    assertThat(problem.what()).contains(path.toRealPath().toString(), open);
                    assertThat(problem.fix()).isEqualTo("chmod go-w " + path.toRealPath());
                });
            }
            mode(path, before);
            assertThat(keys.find(ada.getPublic())).isNotNull();
        }
    }

    private void write(String... lines) throws IOException {
        Files.deleteIfExists(file);
        Files.writeString(file, String.join("\n", lines) + "\n");
        mode(file, "rw-------");
    }

    private static void mode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }
}

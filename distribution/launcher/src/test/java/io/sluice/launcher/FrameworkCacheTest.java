package io.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameworkCacheTest {
    @TempDir
    Path folder;

    private Path jar = Path.of("");
    private Path cache = Path.of("");

    @BeforeEach
    void makeJar() throws Exception {
        jar = Files.writeString(folder.resolve("a.jar"), "bytes");
        cache = folder.resolve("cache");
    }

    @Test
    void shouldBeUsableOnlyAfterAStartThatWentWell() throws Exception {
        Files.createDirectories(cache().storage());
        assertThat(cache().isUsable()).isFalse();
        cache().keep();
        assertThat(cache().isUsable()).isFalse();
        cache().seal();
        assertThat(cache().isUsable()).isTrue();
        cache().unseal();
        assertThat(cache().isUsable()).isFalse();
    }

    @Test
    void shouldNotBeUsableOnceAFileOfItIsAnother() throws Exception {
        Path library =
                Files.createDirectories(cache().storage().resolve("bundle1")).resolve("library.so");
        Files.writeString(library, "native");
        kept();
        assertThat(cache().isUsable()).isTrue();
        for (String damage : List.of("nativE", "nati", "")) {
            Files.writeString(library, damage);
            assertThat(cache().isUsable()).as(damage).isFalse();
        }
        Files.delete(library);
        assertThat(cache().isUsable()).isFalse();
        Files.writeString(library, "native");
        assertThat(cache().isUsable()).isTrue();
        Files.writeString(cache().storage().resolve("more"), "");
        assertThat(cache().isUsable()).isFalse();
    }

    @Test
    void shouldNotBeUsableOnceAJarIsAnother() throws Exception {
        kept();
        Files.setLastModifiedTime(jar, FileTime.fromMillis(1));
        assertThat(cache().isUsable()).isFalse();
    }

    @Test
    void shouldNotBeUsableWithAnotherSetOfJars() throws Exception {
        kept();
        assertThat(new FrameworkCache(cache, Fingerprint.of(List.of())).isUsable())
                .isFalse();
    }

    @Test
    void shouldNotBeUsableWithoutItsStorageOrWithADamagedFingerprint() throws Exception {
        kept();
        Files.delete(cache().storage());
        assertThat(cache().isUsable()).isFalse();
        kept();
        Files.write(cache.resolve("fingerprint"), new byte[] {(byte) 0xff, 0, 1});
        assertThat(cache().isUsable()).isFalse();
    }

    @Test
    void shouldLeaveNothingOfTheStorageWhenDiscarded() throws Exception {
        kept();
        Files.writeString(
                Files.createDirectories(cache().storage().resolve("bundle1/data"))
                        .resolve("x"),
                "x");
        cache().discard();
        assertThat(cache().storage()).doesNotExist();
        assertThat(cache().isUsable()).isFalse();
        cache().discard();
    }

    private void kept() throws Exception {
        Files.createDirectories(cache().storage());
        cache().keep();
        cache().seal();
    }

    private FrameworkCache cache() throws Exception {
        return new FrameworkCache(cache, Fingerprint.of(List.of(jar)));
    }
}

package io.sluice.storage.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FileRecencyTest {
    private static final int MIB = PageCache.STRETCH_BYTES;

    private final PageCache cache = new PageCache(128L * MIB);
    private final FileRecency file = new FileRecency(cache);
    private final FileRecency other = new FileRecency(cache);

    @Test
    void shouldBelieveNothingOfAFileThatWasThereBefore() {
        assertThat(file.recentUntil(0L, MIB)).isZero();
        assertThat(file.recentUntil(100L, 200L)).isEqualTo(100L);
    }

    @Test
    void shouldBelieveThatWhatWasWrittenOrReadIsThere() {
        file.written(0L, 3 * MIB);
        assertThat(file.recentUntil(5L, 3L * MIB)).isEqualTo(3L * MIB);
        assertThat(file.recentUntil(5L, 4L * MIB)).isEqualTo(3L * MIB);
        file.read(3L * MIB, 4L * MIB);
        assertThat(file.recentUntil(5L, 4L * MIB)).isEqualTo(4L * MIB);
    }

    @Test
    void shouldNotTakeTheOldPartOfAStretchForWritten() {
        file.written(MIB / 2, 1_000);
        file.written(MIB / 2 + 1_000, MIB);
        assertThat(file.recentUntil(0L, MIB)).isZero();
        assertThat(file.recentUntil(MIB, MIB + 1_000L)).isEqualTo(MIB + 1_000L);
        file.read(0L, MIB);
        file.written(MIB / 2, 1_000);
        assertThat(file.recentUntil(0L, MIB)).isEqualTo(MIB);
    }

    @Test
    void shouldForgetWhatWasNotUsedWhileMuchElseWas() {
        file.written(0L, 2 * MIB);
        for (int i = 0; i < 128; i++) {
            other.written((long) i * MIB, MIB);
            file.used(MIB, 2L * MIB);
        }
        assertThat(file.recentUntil(0L, MIB)).isZero();
        assertThat(file.recentUntil(MIB, 2L * MIB)).isEqualTo(2L * MIB);
    }

    @Test
    void shouldBelieveLessWhenSomethingWasGone() {
        file.written(0L, MIB);
        other.written(0L, 100 * MIB);
        assertThat(file.recentUntil(0L, MIB)).isEqualTo(MIB);
        other.wasGone(99L * MIB, 100L * MIB); // so recent that something else made it slow
        assertThat(cache.window()).isEqualTo(128);
        file.wasGone(0L, MIB);
        assertThat(cache.window()).isEqualTo(64);
        assertThat(file.recentUntil(0L, MIB)).isZero();
    }

    @Test
    void shouldBelieveMoreAgainWhenWhatSeemedGoneWasThere() {
        file.written(0L, MIB);
        other.written(0L, 110 * MIB);
        file.wasGone(0L, MIB);
        file.wasThere(0L);
        assertThat(cache.window()).isEqualTo(64 + 16);
        for (int i = 0; i < 10; i++) {
            file.wasThere(0L);
        }
        assertThat(cache.window()).isBetween(110, 128);
    }
}

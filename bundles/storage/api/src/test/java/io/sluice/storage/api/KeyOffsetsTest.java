package io.sluice.storage.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class KeyOffsetsTest {
    private static ByteBuffer key(int number) {
        return ByteBuffer.allocate(4).putInt(number).flip();
    }

    @Test
    void shouldKnowTheLastOffsetOfEachKey() {
        KeyOffsets keys = new KeyOffsets(1 << 20);
        for (int i = 0; i < 10_000; i++) {
            assertThat(keys.put(key(i % 5_000), i)).isTrue();
        }
        for (int i = 0; i < 5_000; i++) {
            assertThat(keys.get(key(i))).isEqualTo(5_000L + i);
        }
        assertThat(keys.get(key(5_000))).isEqualTo(-1L);
    }

    @Test
    void shouldRefuseOnlyNewKeysWhenItIsFull() {
        KeyOffsets keys = new KeyOffsets(64 * 1024);
        int taken = 0;
        while (keys.put(key(taken), taken)) {
            taken++;
        }
        assertThat(taken * 24).isBetween(16 * 1024, 64 * 1024);
        assertThat(keys.put(key(0), 1_000_000L)).isTrue();
        assertThat(keys.get(key(0))).isEqualTo(1_000_000L);
        assertThat(keys.get(key(taken))).isEqualTo(-1L);
    }

    @Test
    void shouldNotGoBackToAnEarlierOffset() {
        KeyOffsets keys = new KeyOffsets(1 << 20);
        keys.put(key(1), 9L);
        keys.put(key(1), 3L);
        assertThat(keys.get(key(1))).isEqualTo(9L);
    }

    @Test
    void shouldHashAsTheReferenceDoes() {
        KeyHash hash = new KeyHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
        hash.hash(ByteBuffer.allocate(0));
        assertThat(hash.first()).isEqualTo(0xe6a825ba047f81a3L);
        assertThat(hash.second()).isEqualTo(0x930255c71472f66dL);
        hash.hash(ByteBuffer.allocate(1));
        assertThat(hash.first()).isEqualTo(0x44af996bd8c187daL);
        assertThat(hash.second()).isEqualTo(0x45fc229b11597634L);
    }

    @Test
    void shouldHashTheSameInEveryKindOfBuffer() {
        byte[] bytes = "a key of more than sixteen bytes".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 3)
                .position(3)
                .put(bytes)
                .position(3);
        KeyHash hash = new KeyHash(1L, 2L);
        hash.hash(ByteBuffer.wrap(bytes));
        long first = hash.first();
        long second = hash.second();
        hash.hash(direct.order(ByteOrder.LITTLE_ENDIAN));
        assertThat(hash.first()).isEqualTo(first);
        assertThat(hash.second()).isEqualTo(second);
    }
}

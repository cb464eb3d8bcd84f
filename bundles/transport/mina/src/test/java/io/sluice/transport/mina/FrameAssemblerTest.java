package io.sluice.transport.mina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.transport.kit.Frames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class FrameAssemblerTest {
    private static final int FRAME_MAX = 1 << 20;

    private final BufferPool pool = new BufferPool();
    private final FrameAssembler assembler = new FrameAssembler(FRAME_MAX, pool);

    /** A socket from which a set number of bytes can be read at a time. */
    private static final class Stream implements ReadableByteChannel {
        private final ByteBuffer content;
        private int readable;

        Stream(byte[] content) {
            this.content = ByteBuffer.wrap(content);
        }

        @Override
        public int read(ByteBuffer target) {
            int now = Math.min(Math.min(target.remaining(), readable), content.remaining());
            target.put(content.slice(content.position(), now));
            content.position(content.position() + now);
            readable -= now;
            return now;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private static final class Kept implements FrameAssembler.Receiver {
        private final List<byte[]> frames = new ArrayList<>();
        private int wanted = Integer.MAX_VALUE;
        private boolean refuses;
        private int asked;
        private long granted;

        @Override
        public void frame(ByteBuffer frame) {
            assertThat(wanted).isPositive();
            wanted--;
            byte[] copy = new byte[frame.remaining()];
            frame.get(copy);
            frames.add(copy);
        }

        @Override
        public boolean wantsMore() {
            return wanted > 0;
        }

        @Override
        public boolean admit(int bytes) {
            asked++;
            if (refuses) {
                wanted = 0;
                return false;
            }
            granted += bytes;
            return true;
        }

        @Override
        public void discharge(int bytes) {
            granted -= bytes;
        }
    }

    @Property(tries = 300)
    void shouldGiveTheSameFramesHoweverTheStreamIsCutAndPaused(
            @ForAll @Size(max = 30) List<@IntRange(max = 90_000) Integer> sizes,
            @ForAll @Size(min = 1, max = 10) List<@IntRange(min = 1, max = 70_000) Integer> chunks,
            @ForAll @Size(min = 1, max = 10) List<@IntRange(min = 1, max = 5) Integer> wants,
            @ForAll @IntRange(min = 1, max = 100_000) int bufferBytes)
            throws IOException {
        List<byte[]> sent = new ArrayList<>();
        for (int size : sizes) {
            sent.add(Frames.body(size, size));
        }
        Stream stream = new Stream(Frames.framed(sent));
        ByteBuffer buffer = ByteBuffer.allocateDirect(bufferBytes);
        Kept kept = new Kept();

        for (int i = 0; stream.content.hasRemaining() || assembler.hasUnwanted(); i++) {
            kept.wanted = wants.get(i % wants.size());
            assembler.handOnUnwanted(kept);
            if (assembler.hasUnwanted()) {
                continue;
            }
            stream.readable = chunks.get(i % chunks.size());
            while (kept.wantsMore()
                    && !assembler.hasUnwanted()
                    && assembler.read(stream, buffer, buffer.capacity(), kept) > 0) {
                // A buffer of the pool may be of four times the class that is needed, and a class twice the size.
                assertThat(assembler.heldBytes()).isLessThanOrEqualTo(8_192 + 8 * (largest(sizes) + bufferBytes));
            }
        }

        assertThat(kept.frames).hasSameSizeAs(sent);
        for (int i = 0; i < sent.size(); i++) {
            assertThat(kept.frames.get(i)).isEqualTo(sent.get(i));
        }
        assertThat(assembler.heldBytes()).isZero();
    }

    private static int largest(List<Integer> sizes) {
        return sizes.stream().mapToInt(size -> size + Integer.BYTES).max().orElse(0);
    }

    @Property(tries = 300)
    void shouldTakeAnyBytes(@ForAll @Size(max = 2_000) byte[] bytes, @ForAll @IntRange(min = 1, max = 50) int chunk) {
        Stream stream = new Stream(bytes);
        ByteBuffer buffer = ByteBuffer.allocateDirect(64);
        Kept kept = new Kept();
        try {
            while (stream.content.hasRemaining()) {
                stream.readable = chunk;
                assembler.read(stream, buffer, buffer.capacity(), kept);
                assertThat(assembler.heldBytes()).isLessThanOrEqualTo(8_192);
            }
        } catch (FrameAssembler.BadSizeException e) {
            assertThat(e).hasMessageContaining("announced");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldHoldLittleForAFrameOfWhichLittleHasCome() throws IOException {
        byte[] start = ByteBuffer.allocate(100).putInt(FRAME_MAX).array();
        Stream stream = new Stream(start);
        stream.readable = 100;

        assembler.read(stream, ByteBuffer.allocateDirect(4_096), 4_096, new Kept());

        assertThat(assembler.heldBytes()).isEqualTo(1_024);
    }

    @Test
    void shouldReadTheRestOfALargeFrameStraightIntoItsBuffer() throws IOException {
        byte[] body = Frames.body(1_000_000, 1);
        ByteBuffer buffer = ByteBuffer.allocateDirect(4_096);
        for (int round = 0; round < 2; round++) {
            Stream stream = new Stream(Frames.framed(body));
            Kept kept = new Kept();
            stream.readable = Integer.MAX_VALUE;
            int reads = 0;
            while (stream.content.hasRemaining()) {
                assembler.read(stream, buffer, buffer.capacity(), kept);
                reads++;
            }
            assertThat(kept.frames).containsExactly(body);
            if (round == 1) {
                assertThat(reads).isEqualTo(2);
            }
        }
    }

    @Test
    void shouldRefuseSizesThatCannotBe() {
        for (int size : new int[] {-1, Integer.MIN_VALUE, FRAME_MAX + 1, Integer.MAX_VALUE}) {
            Stream stream = new Stream(Frames.size(size));
            stream.readable = 4;
            assertThatThrownBy(() -> assembler.read(stream, ByteBuffer.allocateDirect(64), 64, new Kept()))
                    .isInstanceOf(FrameAssembler.BadSizeException.class)
                    .hasMessageContaining(String.valueOf(size));
            assertThat(assembler.heldBytes()).isZero();
        }
    }

    @Test
    void shouldReturnItsBuffersToThePoolWhichForgetsThem() throws IOException {
        Stream stream = new Stream(Frames.framed(Frames.body(500_000, 1)));
        stream.readable = 1_000;
        assembler.read(stream, ByteBuffer.allocateDirect(4_096), 4_096, new Kept());
        assertThat(pool.keptBytes()).isZero();

        assembler.clear(new Kept());

        assertThat(assembler.heldBytes()).isZero();
        assertThat(pool.keptBytes()).isPositive();
        pool.trim(0L);
        pool.trim(9_999L);
        assertThat(pool.keptBytes()).isPositive();
        pool.trim(10_000L);
        assertThat(pool.keptBytes()).isZero();
    }

    @Test
    void shouldAskOnceForAFrameThatDoesNotComeWholeAndGiveBackWhatItGot() throws IOException {
        Stream stream =
                new Stream(ByteBuffer.allocate(4 + 100_000).putInt(100_000).array());
        ByteBuffer buffer = ByteBuffer.allocateDirect(4_096);
        Kept kept = new Kept();
        stream.readable = 2;
        assembler.read(stream, buffer, 4_096, kept);
        assertThat(kept.asked).isZero();
        while (kept.frames.isEmpty()) {
            stream.readable = 4_096;
            assembler.read(stream, buffer, 4_096, kept);
            assertThat(kept.granted).isEqualTo(kept.frames.isEmpty() ? 131_072L : 0L);
        }
        assertThat(kept.asked).isEqualTo(1);
        assertThat(kept.frames.get(0)).hasSize(100_000);
    }

    @Test
    void shouldKeepNoMoreThanTheBeginningOfAFrameThatIsNotAdmitted() throws IOException {
        for (int first : new int[] {2, 4, 1_000}) {
            FrameAssembler fresh = new FrameAssembler(FRAME_MAX, pool);
            Stream stream =
                    new Stream(ByteBuffer.allocate(4 + 100_000).putInt(100_000).array());
            ByteBuffer buffer = ByteBuffer.allocateDirect(4_096);
            Kept kept = new Kept();
            kept.refuses = true;
            stream.readable = first;
            fresh.read(stream, buffer, 1_024, kept);
            stream.readable = 100_000;
            fresh.read(stream, buffer, 1_024, kept);
            assertThat(fresh.heldBytes()).isLessThanOrEqualTo(2_048);
            assertThat(kept.granted).isZero();
            int asked = kept.asked;
            kept.wanted = 1;
            fresh.handOnUnwanted(kept);
            assertThat(kept.asked).as("it is asked for again").isEqualTo(asked + 1);
            kept.refuses = false;
            kept.wanted = 1;
            fresh.handOnUnwanted(kept);
            while (kept.frames.isEmpty()) {
                stream.readable = 100_004;
                fresh.read(stream, buffer, 4_096, kept);
            }
            assertThat(kept.frames.get(0)).hasSize(100_000);
            assertThat(kept.granted).isZero();
        }
    }

    @Test
    void shouldGiveBackWhatItGotWhenTheConnectionEnds() throws IOException {
        Stream stream = new Stream(ByteBuffer.allocate(5_000).putInt(100_000).array());
        Kept kept = new Kept();
        stream.readable = 5_000;
        assembler.read(stream, ByteBuffer.allocateDirect(8_192), 8_192, kept);
        assertThat(kept.granted).isPositive();
        assembler.clear(kept);
        assertThat(kept.granted).isZero();
        assertThat(assembler.heldBytes()).isZero();
    }
}

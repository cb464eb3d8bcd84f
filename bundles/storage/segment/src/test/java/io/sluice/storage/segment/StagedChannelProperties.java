package io.sluice.storage.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import io.sluice.storage.api.StagedChannel;
import io.sluice.storage.api.StagingArea;
import io.sluice.storage.kit.ManualScheduler;
import io.sluice.storage.kit.ManualTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random histories of a few files that share little staging memory, against byte arrays. */
final class StagedChannelProperties {
    private static final int FILES = 3;
    private static final int SLOTS = 4;
    private static final int WRITE_MAX = 400_000;
    private static final int STEPS = 60;

    private static final class StagedFiles {
        final Path folder;
        final Random random;
        final ManualScheduler scheduler = new ManualScheduler();
        final List<ByteArrayOutputStream> expected = new ArrayList<>();
        final StagedChannel[] channels = new StagedChannel[FILES];
        StagingArea area;

        StagedFiles(Path folder, long seed) throws IOException {
            this.folder = folder;
            this.random = new Random(seed);
            this.area = open();
            for (int i = 0; i < FILES; i++) {
                expected.add(new ByteArrayOutputStream());
                channel(i);
            }
        }

        private StagingArea open() throws IOException {
            return StagingArea.open(folder.resolve("staging"), SLOTS, new ManualTime(), scheduler);
        }

        private Path file(int i) {
            return folder.resolve("file" + i);
        }

        private void channel(int i) throws IOException {
            TopicIdPartition partition = new TopicIdPartition(new Uuid(1L, i + 1L), new TopicPartition("t" + i, i));
            FileChannel file = FileChannel.open(
                    file(i), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            channels[i] = new StagedChannel(file, area, partition, 0L);
            channels[i].enable(file(i));
        }

        void step() throws IOException {
            int file = random.nextInt(FILES);
            int choice = random.nextInt(100);
            if (choice < 55) {
                write(file);
            } else if (choice < 70) {
                read(file);
            } else if (choice < 80) {
                scheduler.runPending();
            } else if (choice < 86) {
                scheduler.runAll();
            } else if (choice < 90) {
                channels[file].force(false);
                assertThat(Files.readAllBytes(file(file))).isEqualTo(content(file));
            } else if (choice < 93) {
                truncate(file);
            } else if (choice < 96) {
                reopen(file);
            } else {
                kill();
            }
        }

        private byte[] content(int file) {
            return expected.get(file).toByteArray();
        }

        private void write(int file) throws IOException {
            byte[] bytes = new byte[1 + random.nextInt(WRITE_MAX)];
            random.nextBytes(bytes);
            int written = channels[file].write(
                    ByteBuffer.wrap(bytes), expected.get(file).size());
            assertThat(written).isEqualTo(bytes.length);
            expected.get(file).write(bytes);
        }

        private void read(int file) throws IOException {
            byte[] all = content(file);
            int from = all.length == 0 ? 0 : random.nextInt(all.length);
            int bytes = Math.min(all.length - from, random.nextInt(1 << 21));
            ByteBuffer target = ByteBuffer.allocate(bytes);
            while (target.hasRemaining()) {
                assertThat(channels[file].read(target, from + target.position()))
                        .isPositive();
            }
            assertThat(target.array()).isEqualTo(Arrays.copyOfRange(all, from, from + bytes));
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            while (sent.size() < bytes) {
                assertThat(channels[file].transferTo(
                                from + sent.size(), bytes - sent.size(), Channels.newChannel(sent)))
                        .isPositive();
            }
            assertThat(sent.toByteArray()).isEqualTo(target.array());
            assertThat(channels[file].size()).isEqualTo(all.length);
            assertThat(channels[file].read(ByteBuffer.allocate(1), all.length)).isEqualTo(-1);
        }

        private void truncate(int file) throws IOException {
            byte[] all = content(file);
            int size = random.nextInt(all.length + 1);
            channels[file].truncate(size);
            replace(file, size);
            assertThat(Files.readAllBytes(file(file))).isEqualTo(content(file));
        }

        private void replace(int file, int size) throws IOException {
            byte[] left = Arrays.copyOf(content(file), size);
            expected.get(file).reset();
            expected.get(file).write(left);
        }

        private void reopen(int file) throws IOException {
            channels[file].finish();
            assertThat(Files.readAllBytes(file(file))).isEqualTo(content(file));
            channels[file].close();
            channel(file);
        }

        /** The process ends at once; the next one writes what it finds staged. */
        private void kill() throws IOException {
            StagingArea next = open();
            for (StagingArea.Unwritten piece : next.unwritten()) {
                Path file = file(piece.partition());
                assertThat(Files.size(file)).isGreaterThanOrEqualTo(piece.position());
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    ByteBuffer bytes = piece.bytes().duplicate();
                    channel.write(bytes, piece.position());
                    assertThat(bytes.hasRemaining()).isFalse();
                }
            }
            area.close();
            for (int i = 0; i < FILES; i++) {
                assertThat(Files.readAllBytes(file(i))).isEqualTo(content(i));
                channels[i].drop(false);
                channels[i].close();
            }
            next.clear();
            area = next;
            for (int i = 0; i < FILES; i++) {
                channel(i);
            }
        }
    }

    @Property(tries = 60)
    void shouldReadWhatWasWritten(@ForAll long seed) throws IOException {
        Path folder = Files.createTempDirectory("staged");
        try {
            StagedFiles files = new StagedFiles(folder, seed);
            for (int i = 0; i < STEPS; i++) {
                files.step();
            }
            files.kill();
        } finally {
            try (var tree = Files.walk(folder)) {
                for (Path path :
                        tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}

package io.sluice.storage.segment;

import static io.sluice.storage.kit.EngineFixture.append;
import static io.sluice.storage.kit.EngineFixture.config;
import static io.sluice.storage.kit.EngineFixture.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.storage.api.FutureLog;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.StorageContext;
import io.sluice.storage.api.StorageEngine;
import io.sluice.storage.kit.ManualScheduler;
import io.sluice.storage.kit.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogDirectoriesTest {
    @TempDir
    Path folder;

    private final ManualTime time = new ManualTime();
    private ManualScheduler scheduler = new ManualScheduler();
    private Path one;
    private Path two;
    private StorageEngine engine;

    @BeforeEach
    void begin() throws IOException {
        one = folder.resolve("one");
        two = folder.resolve("two");
        engine = open();
    }

    private StorageEngine open() throws IOException {
        scheduler = new ManualScheduler();
        return new SegmentEngineFactory()
                .open(new StorageContext(
                        List.of(one, two), folder.resolve("engine"), 1, "cluster", time, scheduler, Map.of()));
    }

    private static TopicIdPartition partition(int number) {
        return new TopicIdPartition(new Uuid(3L, 4L), "spread-out", number);
    }

    private LogStore with(int number, String... values) throws IOException {
        LogStore store = engine.open(partition(number), config());
        for (String value : values) {
            append(store, time.milliseconds(), value);
        }
        return store;
    }

    private static Path of(LogStore store) {
        return store.directory().orElseThrow().getParent();
    }

    /** The disk is away: there is no directory any more where it was. */
    private static void takeAway(Path directory) throws IOException {
        Files.move(directory, directory.resolveSibling("away"));
        Files.writeString(directory, "");
    }

    private static void bringBack(Path directory) throws IOException {
        Files.delete(directory);
        Files.move(directory.resolveSibling("away"), directory);
    }

    @Test
    void shouldServeTheRestWhenADirectoryIsDeadAtTheStart() throws IOException {
        assertThat(of(with(0, "a"))).isEqualTo(one);
        assertThat(of(with(1, "b"))).isEqualTo(two);
        engine.close();
        takeAway(two);
        engine = open();
        assertThat(values(with(0))).containsExactly("a");
        assertThatThrownBy(() -> with(1)).hasMessageContaining(two + " is offline");
        assertThat(of(with(2, "c"))).isEqualTo(one);
        assertThat(engine.directories().get(0).failure()).isNull();
        assertThat(engine.directories().get(1).failure()).isNotNull();
        engine.close();
        bringBack(two);
        engine = open();
        assertThat(values(with(0))).containsExactly("a");
        assertThat(values(with(1))).containsExactly("b");
        assertThat(values(with(2))).containsExactly("c");
        engine.close();
    }

    @Test
    void shouldRefuseToOpenWithoutAnyDirectory() throws IOException {
        engine.close();
        takeAway(two);
        Files.move(one, folder.resolve("gone"));
        Files.writeString(one, "");
        assertThatThrownBy(this::open).hasMessageContaining("no log directory can be used");
    }

    @Test
    void shouldTakeADirectoryOfflineThatDiesWhileItIsInUse() throws IOException {
        with(0, "a");
        LogStore lost = with(1, "b");
        takeAway(two);
        ((SegmentEngine) engine).checkpoint();
        assertThat(engine.directories().get(1).failure()).isNotNull();
        assertThat(lost.failure()).contains("recovery points");
        assertThatThrownBy(() -> append(lost, 0L, "c")).isInstanceOf(IOException.class);
        append(engine.open(partition(2), config()), 0L, "d");
        assertThatThrownBy(engine::close).isInstanceOf(IOException.class);
        bringBack(two);
        engine = open();
        assertThat(values(with(1))).containsExactly("b");
        assertThat(values(with(2))).containsExactly("d");
        engine.close();
    }

    private LogStore future(int number, Path directory, String... values) throws IOException {
        LogStore future = engine.openFuture(partition(number), config(), directory);
        for (String value : values) {
            append(future, time.milliseconds(), value);
        }
        return future;
    }

    @Test
    void shouldLetAFutureLogTakeThePlaceOfItsPartition() throws IOException {
        LogStore current = with(0, "a", "b");
        LogStore future = future(0, two, "a", "b");
        assertThat(engine.futureLogs()).containsExactly(new FutureLog(partition(0), two));
        assertThatThrownBy(() -> engine.promoteFuture(partition(0))).hasMessageContaining("is open");
        current.close();
        future.close();
        engine.promoteFuture(partition(0));
        assertThat(engine.futureLogs()).isEmpty();
        LogStore moved = with(0, "c");
        assertThat(of(moved)).isEqualTo(two);
        assertThat(values(moved)).containsExactly("a", "b", "c");
        assertThat(one.resolve("spread-out-0")).doesNotExist();
        engine.close();
        engine = open();
        assertThat(values(with(0))).containsExactly("a", "b", "c");
        engine.close();
    }

    @Test
    void shouldFindAFutureLogAgainAfterAKill() throws IOException {
        with(0, "a", "b");
        future(0, two, "a");
        engine = open();
        assertThat(engine.futureLogs()).containsExactly(new FutureLog(partition(0), two));
        with(0);
        LogStore future = engine.openFuture(partition(0), config(), two);
        assertThat(values(future)).containsExactly("a");
        future.close();
        engine.deleteFuture(partition(0));
        assertThat(engine.futureLogs()).isEmpty();
        engine.close();
    }

    @Test
    void shouldRemoveTheOldFolderAfterAKillBetweenTheTwoRenames() throws IOException {
        with(0, "a").close();
        future(0, two, "a", "b").close();
        try (var listing = Files.newDirectoryStream(two, "*-future")) {
            Files.move(listing.iterator().next(), two.resolve("spread-out-0"));
        }
        engine = open();
        LogStore store = with(0);
        assertThat(of(store)).isEqualTo(two);
        assertThat(values(store)).containsExactly("a", "b");
        assertThat(one.resolve("spread-out-0")).doesNotExist();
        assertThat(two.resolve("spread-out-0").resolve(LogFileNames.REPLACES)).doesNotExist();
        engine.close();
    }

    @Test
    void shouldMakeANewPartitionWhereItIsWanted() throws IOException {
        engine.prefer(partition(0).topicPartition(), two);
        assertThat(of(with(0))).isEqualTo(two);
        engine.close();
    }
}

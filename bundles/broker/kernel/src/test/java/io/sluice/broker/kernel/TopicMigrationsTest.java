package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.broker.api.MigrationException;
import io.sluice.storage.api.StorageEngine;
import io.sluice.storage.api.StorageEngineFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A topic moves between engines, step by step, and over crashes between any two steps. */
class TopicMigrationsTest extends MigrationFixture {
    @Test
    void shouldMoveATopicAndKeepTheOldCopyInStepUntilItIsFinalised() throws Exception {
        kernel.clock.run();
        write(50);
        migrations.start("t", NEW, 0L, false);
        settle();
        assertThat(partition.engine()).isEqualTo(NEW);
        assertThat(partition.leaderEpoch()).isEqualTo(4);
        assertThat(status().phase()).isEqualTo("following");
        assertThat(status().cutOvers()).isEqualTo(1);
        write(50);
        settle();
        assertThat(status().verifiedOffset()).isEqualTo(100L);
        assertThat(status().copyEndOffset()).isEqualTo(100L);
        assertThat(read()).isEqualTo(written);

        migrations.finalise("t");
        settle();
        assertThat(migrations.statuses()).isEmpty();
        assertThat(kernel.assigned).containsExactly(NEW);
        assertThat(foldersIn(OLD)).isEmpty();
        configured = NEW;
        crash();
        kernel.clock.run();
        assertThat(read()).isEqualTo(written);
    }

    @Test
    void shouldGoBackWithWhatWasWrittenMeanwhile() throws Exception {
        kernel.clock.run();
        write(20);
        migrations.start("t", NEW, 0L, false);
        settle();
        write(20);
        migrations.rollback("t");
        settle();
        assertThat(partition.engine()).isEqualTo(OLD);
        assertThat(migrations.statuses()).isEmpty();
        assertThat(foldersIn(NEW)).isEmpty();
        write(5);
        assertThat(read()).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void shouldLoseNothingWhenItCrashesAfterAnyStep(int steps) throws Exception {
        kernel.clock.run();
        write(30);
        migrations.start("t", NEW, 0L, false);
        for (int i = 0; i < steps; i++) {
            kernel.clock.runOne();
            if (i % 3 == 0 && partition.hasLog()) {
                write(1);
            }
        }
        crash();
        settle();
        assertThat(read()).isEqualTo(written);
        write(10);
        settle();
        assertThat(partition.engine()).isEqualTo(NEW);
        assertThat(read()).isEqualTo(written);
        migrations.rollback("t");
        for (int i = 0; i < steps; i++) {
            kernel.clock.runOne();
        }
        crash();
        settle();
        assertThat(partition.engine()).isEqualTo(OLD);
        assertThat(read()).isEqualTo(written);
        assertThat(migrations.statuses()).isEmpty();
        assertThat(foldersIn(NEW)).isEmpty();
    }

    @Test
    void shouldFinaliseOverACrash() throws Exception {
        kernel.clock.run();
        write(10);
        migrations.start("t", NEW, 0L, false);
        settle();
        migrations.finalise("t");
        crash();
        settle();
        assertThat(kernel.assigned).containsExactly(NEW);
        assertThat(migrations.statuses()).isEmpty();
        assertThat(partition.engine()).isEqualTo(NEW);
        assertThat(foldersIn(OLD)).isEmpty();
        assertThat(read()).isEqualTo(written);
    }

    @Test
    void shouldAbortBeforeTheCutOver() throws Exception {
        kernel.clock.run();
        write(10);
        migrations.start("t", NEW, 0L, false);
        migrations.pause("t");
        settle();
        assertThat(partition.engine()).isEqualTo(OLD);
        migrations.abort("t");
        settle();
        assertThat(migrations.statuses()).isEmpty();
        assertThat(partition.engine()).isEqualTo(OLD);
        assertThat(read()).isEqualTo(written);
    }

    @Test
    void shouldCopyNoFasterThanItIsAllowed() throws Exception {
        kernel.clock.run();
        write(200);
        long bytes = partition.status().sizeInBytes();
        migrations.start("t", NEW, bytes / 4L, false);
        kernel.clock.pass(1_000);
        assertThat(status().phase()).isEqualTo("copying");
        assertThat(status().copiedBytes()).isBetween(bytes / 5L, bytes / 2L);
        migrations.throttle("t", 0L);
        settle();
        assertThat(status().phase()).isEqualTo("following");
        assertThat(read()).isEqualTo(written);
    }

    @Test
    void shouldTakeOverAlthoughSomethingIsWrittenDuringEveryStep() throws Exception {
        kernel.clock.run();
        kernel.engines.withdraw(NEW, NEW);
        StorageEngineFactory interfering = InterferingEngine.of(files(), () -> {
            if (partition.hasLog() && partition.engine().equals(OLD) && written.size() < 1_000) {
                write(1);
            }
        });
        kernel.engines.offer(NEW, new PartRole.Candidate<>(interfering, NEW, 0, NEW, "1.0.0"));
        write(10);
        migrations.start("t", NEW, 0L, false);
        settle();
        assertThat(partition.engine()).isEqualTo(NEW);
        assertThat(written.size()).as("records until then").isLessThan(100);
        assertThat(read()).isEqualTo(written);
    }

    @Test
    void shouldGoOnAfterEitherEngineWasUpdatedInTheMiddle() throws Exception {
        kernel.clock.run();
        write(200);
        migrations.start("t", NEW, partition.status().sizeInBytes(), false);
        kernel.clock.pass(300);
        assertThat(status().phase()).isEqualTo("copying");
        long before = status().verifiedOffset();
        assertThat(before).isPositive();
        kernel.engines.withdraw(NEW, NEW);
        kernel.clock.pass(100);
        assertThat(status().problem()).contains("waits for the engine " + NEW);
        offer(NEW);
        kernel.clock.pass(25);
        assertThat(status().verifiedOffset()).as("nothing is copied again").isGreaterThanOrEqualTo(before);
        kernel.clock.pass(300);
        kernel.engines.withdraw(OLD, OLD);
        offer(OLD);
        kernel.clock.pass(3_000);
        assertThat(status().phase()).isEqualTo("following");
        kernel.engines.withdraw(NEW, NEW);
        offer(NEW);
        settle();
        write(5);
        settle();
        assertThat(status().copyEndOffset()).isEqualTo(205L);
        assertThat(read()).isEqualTo(written);
    }

    @Test
    void shouldFollowTheLogStart() throws Exception {
        kernel.clock.run();
        write(40);
        partition.deleteRecords(7L);
        migrations.start("t", NEW, 0L, false);
        settle();
        assertThat(partition.engine()).isEqualTo(NEW);
        assertThat(partition.status().logStartOffset()).isEqualTo(7L);
        partition.deleteRecords(20L);
        settle();
        write(1);
        migrations.rollback("t");
        settle();
        assertThat(partition.engine()).isEqualTo(OLD);
        assertThat(partition.status().logStartOffset()).isEqualTo(20L);
        assertThat(kernel.values(partition, 20L)).isEqualTo(written.subList(20, 41));
    }

    @Test
    void shouldLeaveNothingOfADeletedTopic() throws Exception {
        kernel.clock.run();
        write(10);
        migrations.start("t", NEW, 0L, false);
        settle();
        kernel.table.remove(ID.topicPartition());
        kernel.engines.delete(partition, () -> migrations.topicDeleted(partition));
        settle();
        assertThat(migrations.statuses()).isEmpty();
        assertThat(foldersIn(OLD)).isEmpty();
        assertThat(foldersIn(NEW)).isEmpty();
        assertThat(data.resolve("migrations")).isEmptyDirectory();
    }

    @Test
    void shouldRefuseAVolatileEngineUnlessItIsMeant() {
        kernel.clock.run();
        assertThatThrownBy(() -> migrations.start("t", "memory", 0L, false))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("--allow-volatile");
        assertThatThrownBy(() -> migrations.start("t", "none", 0L, false))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("there is no engine none");
        assertThatThrownBy(() -> migrations.start("t", OLD, 0L, false)).isInstanceOf(MigrationException.class);
        assertThatThrownBy(() -> migrations.finalise("t")).isInstanceOf(MigrationException.class);
    }

    @Test
    void shouldServeFromTheOldCopyAgainWhenAVolatileEngineLostItsContents() throws Exception {
        kernel.clock.run();
        write(10);
        migrations.start("t", "memory", 0L, true);
        settle();
        assertThat(partition.engine()).isEqualTo("memory");
        write(10);
        settle();
        crash();
        settle();
        assertThat(partition.engine()).isEqualTo(OLD);
        assertThat(read()).isEqualTo(written);
        assertThat(status().phase()).isEqualTo("failed");
        migrations.abort("t");
        settle();
        assertThat(migrations.statuses()).isEmpty();
    }

    @Test
    void shouldKeepAPartitionOfflineWhoseFileIsDamaged() throws Exception {
        kernel.clock.run();
        write(5);
        migrations.start("t", NEW, 0L, false);
        settle();
        Path file = data.resolve("migrations").resolve(ID.topicId() + "-0.migration");
        Files.writeString(file, Files.readString(file).replace("phase=FOLLOWING", "phase=COPYING"));
        crash();
        settle();
        assertThat(partition.hasLog()).isFalse();
        assertThat(partition.status().state()).isEqualTo("Offline");
        assertThat(partition.status().reason()).contains(file.toString());
    }

    @Test
    void shouldGiveUpCleanlyWhenTheNewDiskFails() throws Exception {
        kernel.clock.run();
        write(10);
        kernel.engines.withdraw(NEW, NEW);
        kernel.engines.offer(NEW, new PartRole.Candidate<>(broken(), "broken", 0, "broken", "1.0.0"));
        migrations.start("t", NEW, 0L, false);
        kernel.clock.pass(10_000);
        assertThat(status().phase()).isEqualTo("failed");
        assertThat(status().problem()).contains("no space");
        assertThat(partition.engine()).isEqualTo(OLD);
        write(5);
        assertThat(read()).isEqualTo(written);
        kernel.engines.withdraw(NEW, "broken");
        offer(NEW);
        migrations.resume("t");
        settle();
        assertThat(partition.engine()).isEqualTo(NEW);
        assertThat(read()).isEqualTo(written);
    }

    private static StorageEngineFactory broken() {
        return context -> {
            StorageEngine whole = files().open(context);
            return new BrokenDisk(whole);
        };
    }

    @Test
    void shouldFindWhatWasLeftOut() throws Exception {
        migrations = kernel.migrations(data.resolve("others"), Sabotage.of("blind-copy"));
        kernel.clock.run();
        write(100);
        migrations.start("t", NEW, 4_000L, false);
        kernel.clock.pass(30_000);
        assertThat(partition.engine()).isEqualTo(NEW);
        assertThat(partition.status().logEndOffset()).isEqualTo(100L);
        assertThat(read()).isNotEqualTo(written);
    }

    @Test
    void shouldRefuseATargetThatCannotHonourTheTopicsConfigurationByItsName() {
        kernel.clock.run();
        write(3);
        kernel.topicConfigs.put("retention.ms", "1000");
        kernel.topicConfigs.put("durability", "group");
        for (ThrowingCallable asked : List.<ThrowingCallable>of(
                () -> migrations.plan("t", "memory"), () -> migrations.start("t", "memory", 0L, true))) {
            assertThatThrownBy(asked)
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("t cannot move to memory")
                    .hasMessageContaining("configuration durability")
                    .hasMessageContaining("synced-writes");
        }
        settle();
        assertThat(migrations.statuses()).isEmpty();
        assertThat(partition.engine()).isEqualTo(OLD);
    }

    @Test
    void shouldMoveAConfiguredTopicToAnEngineThatHonoursIt() throws Exception {
        kernel.clock.run();
        write(3);
        kernel.topicConfigs.put("durability", "group");
        assertThat(migrations.plan("t", NEW).partitions()).isEqualTo(1);
        kernel.topicConfigs.put("durability", "os");
        migrations.start("t", "memory", 0L, true);
        settle();
        assertThat(partition.engine()).isEqualTo("memory");
    }
}

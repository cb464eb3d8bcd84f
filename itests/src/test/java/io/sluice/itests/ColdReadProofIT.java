package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A consumer that lags far behind, on data that is not in memory, keeps no thread waiting that serves connections. */
class ColdReadProofIT {
    /** The tail's own writes may wait for the disk, too, when it is busy. */
    static final double SHARE_MAX = 0.2;

    @TempDir
    Path folder;

    @Test
    void shouldReadColdRecordsWithoutKeepingTheTailWaiting() throws Exception {
        int megabytes = Proof.count("cold", 200);
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            ColdReader.Seen seen = new ColdReader(broker, megabytes).observe(Duration.ofSeconds(3));
            Proof.named("cold-read")
                    .with("mb", megabytes)
                    .with("paged_in_mb", seen.pagedInKb() / 1_000L)
                    .with("waits", seen.waits().all())
                    .with("waits_of_io_threads", seen.waits().ofIoThreads())
                    .with("tail_alone_p50_us", seen.alone().p50())
                    .with("tail_alone_p99_us", seen.alone().p99())
                    .with("tail_beside_p50_us", seen.beside().p50())
                    .with("tail_beside_p99_us", seen.beside().p99())
                    .print();
            assertThat(seen.pagedInKb()).as("what came from the disk").isGreaterThan(megabytes * 500L);
            assertThat(seen.waits().all()).as("waits for the disk").isPositive();
            assertThat(seen.shareOfIoThreads()).isLessThan(SHARE_MAX);
        }
    }
}

package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files: the broker starts, serves what is whole, serves nothing that was not written, and names what is lost. */
class DamageProofIT {
    @TempDir
    Path folder;

    @Test
    void shouldServeWhatIsWholeAndNameWhatIsNot() throws Exception {
        int cases = Proof.count("damages", 24);
        long seed = Proof.count("seed", 7);
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            DamagedData.Seen seen = new DamagedData(cases, 150, seed).observe(broker);
            Proof.named("damage")
                    .with("cases", seen.cases())
                    .with("seed", seed)
                    .with("read", seen.read())
                    .with("damaged", seen.damaged())
                    .with("lost", seen.lost())
                    .with("foreign", seen.foreign())
                    .with("unnamed", seen.unnamed())
                    .print();
            assertThat(seen.faults()).isEmpty();
            assertThat(seen.damaged()).as("cases in which records were lost").isPositive();
        }
    }
}

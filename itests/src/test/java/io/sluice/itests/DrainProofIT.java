package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A transport that leaves answers what it has read, to the last byte: client libraries would hide it if it did not. */
class DrainProofIT {
    @TempDir
    Path folder;

    @Test
    void shouldAnswerEveryRequestThatWasReadWhenTheTransportStops() throws Exception {
        int rounds = Proof.count("drains", 10);
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            TransportDrain seen = TransportDrain.observe(broker, rounds);
            Proof.named("drain")
                    .with("stops", rounds)
                    .with("answered", seen.answered())
                    .with("unacknowledged", seen.unacknowledged())
                    .with("unanswered", seen.unanswered())
                    .with("truncated", seen.truncated())
                    .with("resets", seen.resets())
                    .with("errors", seen.errors())
                    .print();
            assertThat(seen.isClean()).as(seen.toString()).isTrue();
        }
    }
}

package io.sluice.storage.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class LeaderEpochsTest {
    private static LeaderEpochs epochs(long... epochsAndOffsets) {
        LeaderEpochs epochs = LeaderEpochs.NONE;
        for (int i = 0; i < epochsAndOffsets.length; i += 2) {
            epochs = epochs.assign((int) epochsAndOffsets[i], epochsAndOffsets[i + 1]);
        }
        return epochs;
    }

    @Test
    void shouldNotBeginAnEpochTwice() {
        assertThat(epochs(3, 10, 3, 20).entries()).containsExactly(new EpochEntry(3, 10));
    }

    @Test
    void shouldReplaceAnEpochThatHadNoRecords() {
        assertThat(epochs(3, 10, 4, 10).entries()).containsExactly(new EpochEntry(4, 10));
    }

    @Test
    void shouldDropWhatContradictsALowerEpoch() {
        assertThat(epochs(1, 0, 5, 10, 3, 20).entries()).containsExactly(new EpochEntry(1, 0), new EpochEntry(3, 20));
    }

    @Test
    void shouldAnswerAsKip320Says() {
        LeaderEpochs epochs = epochs(2, 5, 4, 30, 7, 60);
        assertThat(epochs.endOf(-1, 100)).isEqualTo(EpochEnd.UNKNOWN);
        assertThat(epochs.endOf(1, 100)).isEqualTo(new EpochEnd(1, 5));
        assertThat(epochs.endOf(2, 100)).isEqualTo(new EpochEnd(2, 30));
        assertThat(epochs.endOf(3, 100)).isEqualTo(new EpochEnd(2, 30));
        assertThat(epochs.endOf(6, 100)).isEqualTo(new EpochEnd(4, 60));
        assertThat(epochs.endOf(7, 100)).isEqualTo(new EpochEnd(7, 100));
        assertThat(epochs.endOf(8, 100)).isEqualTo(EpochEnd.UNKNOWN);
        assertThat(LeaderEpochs.NONE.endOf(0, 100)).isEqualTo(EpochEnd.UNKNOWN);
    }

    @Test
    void shouldFollowTheLogsEnds() {
        LeaderEpochs epochs = epochs(2, 5, 4, 30, 7, 60);
        assertThat(epochs.truncateFromEnd(30).entries()).containsExactly(new EpochEntry(2, 5));
        assertThat(epochs.truncateFromEnd(61)).isSameAs(epochs);
        assertThat(epochs.truncateFromStart(40).entries())
                .containsExactly(new EpochEntry(4, 40), new EpochEntry(7, 60));
        assertThat(epochs.truncateFromStart(3)).isSameAs(epochs);
        assertThat(epochs.truncateFromStart(60).entries()).containsExactly(new EpochEntry(7, 60));
    }

    @Test
    void shouldTakeBackOnlyWhatFitsTheLog() {
        List<EpochEntry> stored = List.of(new EpochEntry(1, 0), new EpochEntry(2, 50), new EpochEntry(3, 500));
        assertThat(LeaderEpochs.restore(stored, 60, 100).entries()).containsExactly(new EpochEntry(2, 60));
    }
}

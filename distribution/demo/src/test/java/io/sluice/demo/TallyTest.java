package io.sluice.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TallyTest {
    private final Tally tally = new Tally(2);

    @Test
    void shouldFindNothingAmissWhenEachNumberIsReadOnceInOrder() {
        acknowledge(4);
        tally.read(0, 0);
        tally.read(1, 0);
        tally.read(0, 1);
        tally.read(1, 1);
        assertThat(tally.lost()).isZero();
        assertThat(tally.repeated()).isZero();
    }

    @Test
    void shouldCountWhatWasSkippedAsLost() {
        acknowledge(4);
        tally.read(0, 0);
        tally.read(0, 3);
        assertThat(tally.lost()).isEqualTo(2);
    }

    @Test
    void shouldCountWhatIsNeverReadAsLost() {
        acknowledge(3);
        tally.read(0, 0);
        assertThat(tally.lost()).isEqualTo(2);
    }

    @Test
    void shouldNotLetARepetitionHideALoss() {
        acknowledge(2);
        tally.read(0, 0);
        tally.read(0, 0);
        assertThat(tally.repeated()).isEqualTo(1);
        assertThat(tally.lost()).isEqualTo(1);
    }

    @Test
    void shouldTakeTheLongestPauseBetweenTwoAcknowledgements() {
        tally.acknowledged(1_000_000L);
        tally.acknowledged(51_000_000L);
        tally.acknowledged(61_000_000L);
        assertThat(tally.takePauseMs()).isEqualTo(50);
        assertThat(tally.takePauseMs()).isZero();
        assertThat(tally.longestPauseMs()).isEqualTo(50);
    }

    private void acknowledge(int count) {
        for (int i = 1; i <= count; i++) {
            tally.acknowledged(i);
        }
    }
}

package io.sluice.broker.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicNamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "A-1_b.c", "...", "__consumer_offsets", "0"})
    void shouldAcceptNamesThatKafkaAccepts(String name) {
        assertThat(TopicNames.flaw(name)).isNull();
        assertThat(TopicNames.isValid(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a b", "a/b", "a\u00e9", "a\u0000", "a:b", "a*"})
    void shouldSayWhatIsWrongWithOthers(String name) {
        assertThat(TopicNames.flaw(name)).startsWith("Topic name is invalid");
        assertThat(TopicNames.isValid(name)).isFalse();
    }

    @Test
    void shouldLimitTheLength() {
        assertThat(TopicNames.isValid("x".repeat(249))).isTrue();
        assertThat(TopicNames.isValid("x".repeat(250))).isFalse();
    }

    @Test
    void shouldKnowTheBrokersOwnTopics() {
        assertThat(TopicNames.isInternal("__consumer_offsets")).isTrue();
        assertThat(TopicNames.isInternal("__transaction_state")).isTrue();
        assertThat(TopicNames.isInternal("__share_group_state")).isTrue();
        assertThat(TopicNames.isInternal("__other")).isFalse();
        assertThat(TopicNames.isInternal(null)).isFalse();
    }
}

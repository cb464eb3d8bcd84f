package io.sluice.cluster.controller;

import static io.sluice.cluster.controller.ControllerFixture.done;
import static io.sluice.cluster.controller.ControllerFixture.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.message.CreatePartitionsRequest;
import io.sluice.protocol.message.CreatePartitionsRequest.CreatePartitionsAssignment;
import io.sluice.protocol.message.CreatePartitionsRequest.CreatePartitionsTopic;
import io.sluice.protocol.message.CreatePartitionsResponse.CreatePartitionsTopicResult;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PartitionCreationTest {
    private final ControllerFixture fixture = ControllerFixture.registered();

    @BeforeEach
    void createTopic() {
        fixture.create(topic("t", 2, 1));
    }

    private List<CreatePartitionsTopicResult> grow(boolean validateOnly, CreatePartitionsTopic... topics) {
        return done(fixture.controller()
                        .createPartitions(new CreatePartitionsRequest()
                                .setTopics(List.of(topics))
                                .setValidateOnly(validateOnly)))
                .results();
    }

    private CreatePartitionsTopicResult grow(CreatePartitionsTopic topic) {
        return grow(false, topic).get(0);
    }

    private static CreatePartitionsTopic to(int count) {
        return new CreatePartitionsTopic().setName("t").setCount(count).setAssignments(null);
    }

    private static List<CreatePartitionsAssignment> assignments(Integer... brokers) {
        return Arrays.stream(brokers)
                .map(broker -> new CreatePartitionsAssignment().setBrokerIds(List.of(broker)))
                .toList();
    }

    private int partitions() {
        return Objects.requireNonNull(fixture.image().topic("t")).partitions().size();
    }

    private static ErrorCode error(CreatePartitionsTopicResult result) {
        return ErrorCode.of(result.errorCode());
    }

    @Test
    void shouldAddPartitions() {
        assertThat(error(grow(to(5)))).isEqualTo(ErrorCode.NONE);
        assertThat(partitions()).isEqualTo(5);
    }

    @Test
    void shouldOnlyValidateWhenAsked() {
        assertThat(error(grow(true, to(5)).get(0))).isEqualTo(ErrorCode.NONE);
        assertThat(partitions()).isEqualTo(2);
    }

    @Test
    void shouldRefuseNumberThatIsNoIncrease() {
        CreatePartitionsTopicResult same = grow(to(2));
        CreatePartitionsTopicResult fewer = grow(to(1));

        assertThat(error(same)).isEqualTo(ErrorCode.INVALID_PARTITIONS);
        assertThat(same.errorMessage()).isEqualTo("Topic already has 2 partition(s).");
        assertThat(error(fewer)).isEqualTo(ErrorCode.INVALID_PARTITIONS);
        assertThat(fewer.errorMessage())
                .isEqualTo("The topic t currently has 2 partition(s); 1 would not be an increase.");
        assertThat(error(grow(to(-1)))).isEqualTo(ErrorCode.INVALID_PARTITIONS);
    }

    @Test
    void shouldFollowAssignments() {
        fixture.register(2, null);
        assertThat(error(grow(to(4).setAssignments(assignments(2, 1))))).isEqualTo(ErrorCode.NONE);

        assertThat(Objects.requireNonNull(fixture.image().topic("t"))
                        .partitions()
                        .get(2)
                        .leader())
                .isEqualTo(2);
    }

    @Test
    void shouldRefuseAssignmentsThatDoNotFit() {
        assertThat(error(grow(to(4).setAssignments(assignments(1))))).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        assertThat(error(grow(to(3).setAssignments(assignments(9))))).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        assertThat(partitions()).isEqualTo(2);
    }

    @Test
    void shouldRefuseUnknownTopicsDuplicatesAndTooMany() {
        assertThat(error(grow(to(3).setName("no")))).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(grow(false, to(3), to(4))).singleElement().satisfies(result -> assertThat(error(result))
                .isEqualTo(ErrorCode.INVALID_REQUEST));
        assertThat(error(grow(to(Integer.MAX_VALUE)))).isEqualTo(ErrorCode.POLICY_VIOLATION);
        assertThat(partitions()).isEqualTo(2);
    }
}

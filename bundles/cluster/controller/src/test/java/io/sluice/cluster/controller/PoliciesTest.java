package io.sluice.cluster.controller;

import static io.sluice.cluster.controller.ControllerFixture.config;
import static io.sluice.cluster.controller.ControllerFixture.creating;
import static io.sluice.cluster.controller.ControllerFixture.done;
import static io.sluice.cluster.controller.ControllerFixture.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.AlterConfigPolicy;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.CreateTopicPolicy;
import io.sluice.protocol.message.AlterConfigsRequest;
import io.sluice.protocol.message.CreateTopicsRequest.CreatableReplicaAssignment;
import io.sluice.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.sluice.protocol.message.CreateTopicsResponse.CreatableTopicResult;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest.AlterableConfig;
import io.sluice.protocol.message.IncrementalAlterConfigsResponse.AlterConfigsResourceResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PoliciesTest {
    private static final ConfigResource TOPIC = new ConfigResource(ConfigResource.Type.TOPIC, "t");

    private final ControllerFixture fixture = ControllerFixture.registered();
    private final List<CreateTopicPolicy.Request> asked = new ArrayList<>();
    private final List<Map<String, @Nullable String>> altered = new ArrayList<>();

    private final CreateTopicPolicy fewPartitions = request -> {
        asked.add(request);
        Integer partitions = request.partitions();
        return partitions != null && partitions > 3 ? "at most 3 partitions" : null;
    };
    private final AlterConfigPolicy longRetention = (resource, configs) -> {
        altered.add(new HashMap<>(configs));
        return "1".equals(configs.get("retention.ms")) ? "keep records longer" : null;
    };

    private CreatableTopicResult create(CreatableTopic topic, boolean validateOnly) {
        return done(fixture.controller().createTopics(creating(topic).setValidateOnly(validateOnly)))
                .topics()
                .get(0);
    }

    private AlterConfigsResourceResponse alter(boolean validateOnly, AlterableConfig... configs) {
        return done(fixture.controller()
                        .incrementalAlterConfigs(new IncrementalAlterConfigsRequest()
                                .setValidateOnly(validateOnly)
                                .setResources(List.of(new AlterConfigsResource()
                                        .setResourceType(TOPIC.type().code())
                                        .setResourceName(TOPIC.name())
                                        .setConfigs(List.of(configs))))))
                .responses()
                .get(0);
    }

    private static AlterableConfig set(String key, @Nullable String value) {
        return new AlterableConfig()
                .setConfigOperation((byte) (value == null ? 1 : 0))
                .setName(key)
                .setValue(value);
    }

    @Test
    void shouldRefuseATopicWithThePolicysWordsWhileThePolicyIsThere() {
        fixture.factory.addCreateTopicPolicy(fewPartitions);
        for (boolean validateOnly : new boolean[] {true, false}) {
            CreatableTopicResult refused = create(topic("t", 4, 1), validateOnly);
            assertThat(ErrorCode.of(refused.errorCode())).isEqualTo(ErrorCode.POLICY_VIOLATION);
            assertThat(refused.errorMessage()).isEqualTo("at most 3 partitions");
        }
        assertThat(fixture.image().topic("t")).isNull();
        assertThat(create(topic("u", 3, 1), false).errorCode()).isZero();

        fixture.factory.removeCreateTopicPolicy(fewPartitions);
        assertThat(create(topic("t", 4, 1), false).errorCode()).isZero();
    }

    @Test
    void shouldTellThePolicyWhatIsAskedFor() {
        fixture.factory.addCreateTopicPolicy(fewPartitions);
        CreatableTopic automatic = topic("a", -1, -1);
        automatic.configs().add(config("retention.ms", "7"));
        create(automatic, false);
        CreatableTopic manual = topic("m", -1, -1);
        manual.assignments()
                .add(new CreatableReplicaAssignment().setPartitionIndex(0).setBrokerIds(List.of(1)));
        create(manual, false);
        assertThat(asked)
                .containsExactly(
                        new CreateTopicPolicy.Request("a", 1, (short) 1, null, Map.of("retention.ms", "7")),
                        new CreateTopicPolicy.Request("m", null, null, Map.of(0, List.of(1)), Map.of()));
    }

    @Test
    void shouldNotAskAboutWhatIsRefusedAnyway() {
        fixture.factory.addCreateTopicPolicy(fewPartitions);
        create(topic("no/name", 1, 1), false);
        create(topic("t", 1, 9), false);
        assertThat(asked).isEmpty();
    }

    @Test
    void shouldRefuseConfigurationsWithThePolicysWords() {
        fixture.create(topic("t", 1, 1));
        fixture.factory.addAlterConfigPolicy(longRetention);
        for (boolean validateOnly : new boolean[] {true, false}) {
            AlterConfigsResourceResponse refused = alter(validateOnly, set("retention.ms", "1"));
            assertThat(ErrorCode.of(refused.errorCode())).isEqualTo(ErrorCode.POLICY_VIOLATION);
            assertThat(refused.errorMessage()).isEqualTo("keep records longer");
        }
        assertThat(fixture.image().config(TOPIC)).isEmpty();
        CreatableTopic created = topic("created", 1, 1);
        created.configs().add(config("retention.ms", "1"));
        assertThat(ErrorCode.of(create(created, false).errorCode())).isEqualTo(ErrorCode.POLICY_VIOLATION);

        fixture.factory.removeAlterConfigPolicy(longRetention);
        assertThat(alter(false, set("retention.ms", "1")).errorCode()).isZero();
    }

    @Test
    void shouldTellThePolicyTheChangesThatAreNamed() {
        fixture.create(topic("t", 1, 1));
        alter(false, set("retention.ms", "5"), set("flush.ms", "6"));
        fixture.factory.addAlterConfigPolicy(longRetention);
        alter(false, set("retention.ms", null), set("flush.ms", "6"), set("segment.ms", "9"));
        Map<String, @Nullable String> expected = new HashMap<>();
        expected.put("retention.ms", null);
        expected.put("segment.ms", "9");
        assertThat(altered).containsExactly(expected);

        done(fixture.controller()
                .alterConfigs(new AlterConfigsRequest()
                        .setResources(List.of(new AlterConfigsRequest.AlterConfigsResource()
                                .setResourceType(TOPIC.type().code())
                                .setResourceName("t")
                                .setConfigs(List.of(new AlterConfigsRequest.AlterableConfig()
                                        .setName("flush.ms")
                                        .setValue("7")))))));
        assertThat(altered).last().isEqualTo(Map.of("flush.ms", "7"));
        assertThat(fixture.image().config(TOPIC)).isEqualTo(Map.of("flush.ms", "7"));
    }

    @Test
    void shouldFailTheRequestWhenThePolicyFails() {
        fixture.factory.addCreateTopicPolicy(request -> {
            throw new IllegalStateException("broken");
        });
        CreatableTopicResult failed = create(topic("t", 1, 1), false);
        assertThat(ErrorCode.of(failed.errorCode())).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(fixture.image().topic("t")).isNull();
    }
}

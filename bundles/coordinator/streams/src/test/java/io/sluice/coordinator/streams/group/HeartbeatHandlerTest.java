package io.sluice.coordinator.streams.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataListener;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.coordinator.api.GroupKind;
import io.sluice.coordinator.api.GroupKindState;
import io.sluice.coordinator.api.GroupKinds;
import io.sluice.coordinator.api.KindWork;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.streams.InternalTopics;
import io.sluice.coordinator.streams.handler.StreamsGroupHeartbeatHandler;
import io.sluice.coordinator.streams.topology.GroupStatus;
import io.sluice.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.sluice.protocol.message.StreamsGroupHeartbeatRequest;
import io.sluice.protocol.message.StreamsGroupHeartbeatResponse;
import io.sluice.protocol.message.StreamsGroupHeartbeatResponse.Status;
import io.sluice.request.kit.RecordingRequest;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import io.sluice.security.api.ResourceType;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the handler adds to what the coordinator decides: rights, and topics that are made. */
class HeartbeatHandlerTest {
    private static final int VERSION = 1;

    private final KindHarness harness = new KindHarness();
    private final List<CreatableTopic> made = new ArrayList<>();
    private short level = 1;
    private String failures = "";
    private final StreamsGroupHeartbeatHandler handler = new StreamsGroupHeartbeatHandler(
            new StreamsGroupKind(), new OneState(), new RememberingTopics(), new WithFeature());

    @BeforeEach
    void topics() {
        harness.config.put("streams.initial.rebalance.delay.ms", "0");
        harness.topic("words", 2);
    }

    /** All groups are in the one state of the harness. */
    private final class OneState implements GroupKinds {
        @Override
        public <S extends GroupKindState> void submit(
                GroupKind<S> kind, String groupId, Reply<?> reply, KindWork<S> work) {
            run(work);
        }

        @Override
        public <S extends GroupKindState> void submit(
                GroupKind<S> kind, int partition, Reply<?> reply, KindWork<S> work) {
            run(work);
        }

        @SuppressWarnings("unchecked")
        private <S extends GroupKindState> void run(KindWork<S> work) {
            work.run((S) harness.state, harness.turn());
        }

        @Override
        public List<Integer> partitions() {
            return List.of(0);
        }
    }

    private final class RememberingTopics implements InternalTopics {
        @Override
        public void create(List<CreatableTopic> topics) {
            made.addAll(topics);
        }

        @Override
        public String failures(Collection<String> topics) {
            return failures;
        }
    }

    private final class WithFeature implements MetadataSource {
        @Override
        public MetadataImage image() {
            return (MetadataImage) Proxy.newProxyInstance(
                    MetadataImage.class.getClassLoader(),
                    new Class<?>[] {MetadataImage.class},
                    (proxy, method, args) -> method.getName().equals("features")
                            ? Map.of("streams.version", level)
                            : method.invoke(harness.image(), args));
        }

        @Override
        public Subscription subscribe(MetadataListener listener) {
            throw new UnsupportedOperationException("handlers follow no metadata");
        }
    }

    private StreamsGroupHeartbeatRequest join(StreamsGroupHeartbeatRequest.Topology topology) {
        return new SimulatedThread(harness, "app", "m1", "p1", topology).request();
    }

    private StreamsGroupHeartbeatResponse answer(
            StreamsGroupHeartbeatRequest heartbeat, BiPredicate<Operation, Resource> rights) {
        RecordingRequest request = RecordingRequest.of(VERSION, heartbeat).allowing(rights);
        handler.handle(request);
        RecordingRequest.Parked parked = request.parked();
        if (parked != null) {
            assertThat(parked.fired()).isTrue();
            handler.resume(request, parked.continuation(), false);
        }
        return request.response(StreamsGroupHeartbeatResponse.class);
    }

    private static ErrorCode errorOf(StreamsGroupHeartbeatResponse response) {
        return ErrorCode.of(response.errorCode());
    }

    private static Status onlyStatus(StreamsGroupHeartbeatResponse response) {
        List<Status> statuses = Objects.requireNonNull(response.status());
        assertThat(statuses).hasSize(1);
        assertThat(statuses.get(0).statusCode()).isEqualTo(GroupStatus.MISSING_INTERNAL_TOPICS.code());
        return statuses.get(0);
    }

    @Test
    void shouldHaveMissingTopicsMade() {
        StreamsGroupHeartbeatResponse response =
                answer(join(TestTopologies.wordCount("words")), (operation, resource) -> true);
        assertThat(onlyStatus(response).statusDetail())
                .isEqualTo("Internal topics are missing: app-counts-changelog, app-counts-repartition");
        assertThat(made)
                .extracting(CreatableTopic::name)
                .containsExactly(TestTopologies.CHANGELOG, TestTopologies.REPARTITION);
        CreatableTopic changelog = made.get(0);
        assertThat(changelog.numPartitions()).isEqualTo(2);
        assertThat(changelog.replicationFactor()).isEqualTo((short) -1);
        assertThat(changelog.configs().get(0).value()).isEqualTo("compact");
    }

    @Test
    void shouldSayWhatFailedTheLastTime() {
        failures = "a (no)";
        StreamsGroupHeartbeatResponse response =
                answer(join(TestTopologies.wordCount("words")), (operation, resource) -> true);
        assertThat(onlyStatus(response).statusDetail()).endsWith("; Creation failed: a (no).");
        assertThat(made).hasSize(2);
    }

    @Test
    void shouldMakeTopicsOnlyForWhoeverMayMakeAllOfThem() {
        StreamsGroupHeartbeatResponse response = answer(
                join(TestTopologies.wordCount("words")),
                (operation, resource) ->
                        operation != Operation.CREATE || resource.equals(Resource.topic(TestTopologies.REPARTITION)));
        assertThat(onlyStatus(response).statusDetail())
                .endsWith("; Unauthorized to CREATE on topics " + TestTopologies.CHANGELOG + ".");
        assertThat(made).isEmpty();
        answer(
                join(TestTopologies.wordCount("words")),
                (operation, resource) -> operation != Operation.CREATE || resource.type() == ResourceType.TOPIC);
        assertThat(made).hasSize(2);
    }

    @Test
    void shouldAskForTheRightsOfGroupAndTopics() {
        StreamsGroupHeartbeatRequest heartbeat = join(TestTopologies.plain("words"));
        assertThat(errorOf(answer(heartbeat, (operation, resource) -> resource.type() != ResourceType.GROUP)))
                .isEqualTo(ErrorCode.GROUP_AUTHORIZATION_FAILED);
        assertThat(errorOf(answer(heartbeat, (operation, resource) -> resource.type() != ResourceType.TOPIC)))
                .isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        assertThat(errorOf(answer(join(TestTopologies.plain("no/topic")), (operation, resource) -> true)))
                .isEqualTo(ErrorCode.STREAMS_INVALID_TOPOLOGY);
        assertThat(errorOf(answer(join(TestTopologies.plain("__consumer_offsets")), (operation, resource) -> true)))
                .isEqualTo(ErrorCode.STREAMS_INVALID_TOPOLOGY);
        level = 0;
        assertThat(errorOf(answer(heartbeat, (operation, resource) -> true))).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        assertThat(harness.log).isEmpty();
        level = 1;
        assertThat(errorOf(answer(heartbeat, (operation, resource) -> true))).isEqualTo(ErrorCode.NONE);
    }
}

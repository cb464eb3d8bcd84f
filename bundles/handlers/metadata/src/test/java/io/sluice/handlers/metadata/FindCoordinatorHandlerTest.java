package io.sluice.handlers.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.FindCoordinatorRequest;
import io.sluice.protocol.message.FindCoordinatorResponse;
import io.sluice.protocol.message.FindCoordinatorResponse.Coordinator;
import io.sluice.request.kit.MemoryBroker;
import io.sluice.request.kit.MemoryController;
import io.sluice.request.kit.MemoryMetadata;
import io.sluice.request.kit.RecordingRequest;
import io.sluice.security.api.Resource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FindCoordinatorHandlerTest {
    private static final byte GROUP = 0;
    private static final byte TRANSACTION = 1;
    private static final byte SHARE = 2;
    private static final int NEWEST = ApiKey.FIND_COORDINATOR.highestStableVersion();

    private final MemoryMetadata metadata = new MemoryMetadata();
    private final MemoryBroker broker = new MemoryBroker();
    private final MemoryController controller = new MemoryController(metadata);
    private final FindCoordinatorHandler handler = new FindCoordinatorHandler(metadata, broker, controller);

    private FindCoordinatorResponse ask(int version, FindCoordinatorRequest asked) {
        RecordingRequest request = RecordingRequest.of(version, asked);
        handler.handle(request);
        return request.response(FindCoordinatorResponse.class);
    }

    private static FindCoordinatorRequest batch(byte type, String... keys) {
        return new FindCoordinatorRequest().setKeyType(type).setCoordinatorKeys(List.of(keys));
    }

    @Test
    void shouldCreateTheOffsetsTopicOnceAndFindGroupsInEveryVersion() {
        for (int version = 0; version <= NEWEST; version++) {
            if (version < 4) {
                FindCoordinatorResponse response = ask(version, new FindCoordinatorRequest().setKey("g"));
                assertThat(response.errorCode()).isZero();
                assertThat(response.nodeId()).isEqualTo(1);
                assertThat(response.port()).isEqualTo(19092);
            } else {
                FindCoordinatorResponse response = ask(version, batch(GROUP, "g", "h"));
                assertThat(response.coordinators()).extracting(Coordinator::key).containsExactly("g", "h");
                assertThat(response.coordinators()).allSatisfy(found -> {
                    assertThat(found.errorCode()).isZero();
                    assertThat(found.nodeId()).isEqualTo(1);
                    assertThat(found.host()).isEqualTo("127.0.0.1");
                });
            }
        }
        assertThat(metadata.image().topic("__consumer_offsets").partitions()).hasSize(50);
        assertThat(controller.requests()).hasSize(1);
    }

    @Test
    void shouldFindAGroupOnThePartitionThatKafkasHashGives() {
        List<PartitionImage> partitions = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int leader = i == CoordinatorType.GROUP.partitionOf("orders", 50) ? 1 : -1;
            partitions.add(new PartitionImage(i, List.of(1), List.of(1), leader, 0, 0, List.of(Uuid.ZERO)));
        }
        metadata.topic("__consumer_offsets", partitions);

        FindCoordinatorResponse response = ask(NEWEST, batch(GROUP, "orders", "other"));

        assertThat(response.coordinators().get(0).errorCode()).isZero();
        assertThat(response.coordinators().get(1).errorCode()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE.code());
        assertThat(response.coordinators().get(1).nodeId()).isEqualTo(-1);
    }

    @Test
    void shouldHashAsKafkaDoes() {
        assertThat(CoordinatorType.GROUP.partitionOf("orders", 50)).isEqualTo(Math.abs("orders".hashCode()) % 50);
        String hashesToTheSmallestInt = "polygenelubricants";
        assertThat(hashesToTheSmallestInt.hashCode()).isEqualTo(Integer.MIN_VALUE);
        assertThat(CoordinatorType.GROUP.partitionOf(hashesToTheSmallestInt, 50))
                .isZero();
    }

    @Test
    void shouldRefuseTransactionsForGoodWhileNoCoordinatorIsInstalled() {
        FindCoordinatorResponse old =
                ask(2, new FindCoordinatorRequest().setKeyType(TRANSACTION).setKey("t"));
        FindCoordinatorResponse batched = ask(NEWEST, batch(TRANSACTION, "t"));

        assertThat(old.errorCode()).isEqualTo(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.code());
        assertThat(old.errorMessage()).contains("no transaction coordinator");
        Coordinator refused = batched.coordinators().get(0);
        assertThat(refused.errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(refused.errorMessage()).contains("no transaction coordinator");
        assertThat(ErrorCode.of(old.errorCode()).retriable()).isFalse();
        assertThat(ErrorCode.of(refused.errorCode()).retriable()).isFalse();
        assertThat(controller.requests()).isEmpty();
    }

    @Test
    void shouldFindTransactionCoordinatorsOnceTheyAreInstalled() {
        broker.advertise(ApiKey.END_TXN);

        assertThat(ask(NEWEST, batch(TRANSACTION, "t")).coordinators().get(0).nodeId())
                .isEqualTo(1);
        assertThat(metadata.image().topic("__transaction_state").partitions()).hasSize(50);
    }

    @Test
    void shouldRefuseTypesThatItDoesNotKnow() {
        assertThat(ask(NEWEST, batch(SHARE, "g:AAAAAAAAAAAAAAAAAAAAAQ:0"))
                        .coordinators()
                        .get(0)
                        .errorCode())
                .isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(ask(4, batch(SHARE, "g")).coordinators().get(0).errorCode())
                .isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(ask(NEWEST, batch((byte) 9, "g")).coordinators().get(0).errorCode())
                .isEqualTo(ErrorCode.INVALID_REQUEST.code());
    }

    @Test
    void shouldNotCreateTheOffsetsTopicForThoseWhoMayNotDescribeTheGroup() {
        RecordingRequest request = RecordingRequest.of(NEWEST, batch(GROUP, "secret"))
                .allowing((operation, resource) -> !resource.equals(Resource.group("secret")));

        handler.handle(request);

        assertThat(request.response(FindCoordinatorResponse.class)
                        .coordinators()
                        .get(0)
                        .errorCode())
                .isEqualTo(ErrorCode.GROUP_AUTHORIZATION_FAILED.code());
        assertThat(controller.requests()).isEmpty();
    }

    @Test
    void shouldLetClientsAskAgainWhenNoControllerIsActive() {
        controller.fail();

        assertThat(ask(NEWEST, batch(GROUP, "g")).coordinators().get(0).errorCode())
                .isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE.code());
    }
}

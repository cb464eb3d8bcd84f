package io.sluice.itests;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;

/** The coordinators of groups and of transactions, whose topics are made when somebody first asks for them. */
final class Coordinators {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Coordinators() {}

    /** Waits until both answer. */
    static void await(String bootstrap) throws Exception {
        int port = Integer.parseInt(bootstrap.substring(bootstrap.lastIndexOf(':') + 1));
        try (RawClient client = new RawClient(port)) {
            for (byte type = 0; type <= 1; type++) {
                FindCoordinatorRequestData find =
                        new FindCoordinatorRequestData().setKeyType(type).setCoordinatorKeys(List.of("any"));
                until(() -> ErrorCodes.of(client, find, 4) == 0);
            }
            HeartbeatRequestData heartbeat =
                    new HeartbeatRequestData().setGroupId("any").setMemberId("nobody");
            until(() -> isReady(client, heartbeat, 4));
            until(() -> isReady(client, TransactionRequests.init("any"), 4));
        }
    }

    /** Waits until the state of share groups can be read. */
    static void awaitShareState(String bootstrap, String topic) throws Exception {
        int port = Integer.parseInt(bootstrap.substring(bootstrap.lastIndexOf(':') + 1));
        try (RawClient client = new RawClient(port)) {
            Uuid id = topicId(client, topic);
            FindCoordinatorRequestData find = new FindCoordinatorRequestData()
                    .setKeyType((byte) 2)
                    .setCoordinatorKeys(List.of("any:" + id + ":0"));
            until(() -> ErrorCodes.of(client, find, 6) == 0);
            until(() -> isReady(client, ShareRequests.read("any", id, 1), 0));
        }
    }

    private static void until(java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(condition);
    }

    private static boolean isReady(RawClient client, ApiMessage request, int version) throws Exception {
        return switch (Errors.forCode(ErrorCodes.of(client, request, version))) {
            case NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS -> false;
            default -> true;
        };
    }

    static Uuid topicId(RawClient client, String topic) throws Exception {
        MetadataRequestData request = new MetadataRequestData()
                .setTopics(List.of(new MetadataRequestData.MetadataRequestTopic().setName(topic)));
        MetadataResponseData response = (MetadataResponseData) client.ask(request, (short) 12);
        return response.topics().iterator().next().topicId();
    }
}

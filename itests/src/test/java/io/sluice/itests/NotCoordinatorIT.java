package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.itests.CoordinatedApis.Coordinated;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Whoever has not asked which broker coordinates: none does, while the coordinators' topics do not exist. */
class NotCoordinatorIT extends ErrorSuite {
    private static final String WHEN = "before anybody asked for the coordinator";
    private static final List<String> COORDINATORS = List.of(
            "io.sluice.coordinator.streams",
            "io.sluice.coordinator.share",
            "io.sluice.coordinator.txn",
            "io.sluice.coordinator.group");

    @Override
    String[] settings() {
        return new String[0];
    }

    @Override
    void prepare(String bootstrap) throws Exception {
        Clients.createTopic(bootstrap, "t", 1, Map.of());
    }

    static List<Provocation> provocations() {
        Provocations all = new Provocations();
        List<Coordinated> apis = new ArrayList<>(CoordinatedApis.ofGroups());
        apis.addAll(CoordinatedApis.ofTransactions());
        for (Coordinated one : apis) {
            all.with(one.api(), api -> asked(api, one));
        }
        return all.with(ApiKeys.READ_SHARE_GROUP_STATE, api -> api.answers(
                                Errors.COORDINATOR_NOT_AVAILABLE,
                                WHEN + ", and has its topic made",
                                client -> ErrorCodes.of(
                                        client, ShareRequests.read("any", Coordinators.topicId(client, "t"), 1), 0))
                        .notOfKafka("its answer is another once the topic is there"))
                .all();
    }

    private static void asked(Provocations.Of api, Coordinated one) {
        api.answers(
                Errors.NOT_COORDINATOR,
                WHEN,
                client -> ErrorCodes.of(client, one.request().apply("any"), one.version()));
        if (one.api() == ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS) {
            api.unlikeKafka(Errors.NONE, "who is not the group's coordinator does not know what has begun");
        } else if (one.api() == ApiKeys.TXN_OFFSET_COMMIT) {
            api.unlikeKafka(
                    Errors.COORDINATOR_NOT_AVAILABLE, "clients look for the coordinator after one as after the other");
        }
    }

    /** For longer than a request waits for its handler. */
    @Test
    void shouldBeToldTheSameWhileTheCoordinatorsBundlesAreStopped() throws Exception {
        assumeTrue(broker() != null, "a broker of our own");
        List<Coordinated> apis = new ArrayList<>(CoordinatedApis.ofGroups());
        apis.addAll(CoordinatedApis.ofTransactions());
        apis.addAll(CoordinatedApis.ofShareStates(Uuid.randomUuid()));
        apis.removeIf(one -> one.api() == ApiKeys.INIT_PRODUCER_ID); // another bundle's
        apis.add(new Coordinated(
                ApiKeys.STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE, 0, CoordinatedApis::topologyDescription));
        for (String bundle : COORDINATORS) {
            broker().must("bundle:stop", bundle);
        }
        try {
            assertThat(askedAtOnce(apis))
                    .allSatisfy((api, error) -> assertThat(error).as(api.name).isEqualTo(Errors.NOT_COORDINATOR));
        } finally {
            for (String bundle : COORDINATORS) {
                broker().must("bundle:start", bundle);
            }
        }
    }

    /** What each API answers on a connection of its own, on which the next request is answered, too. */
    private Map<ApiKeys, Errors> askedAtOnce(List<Coordinated> apis) throws Exception {
        Map<ApiKeys, RawClient> clients = new EnumMap<>(ApiKeys.class);
        Map<ApiKeys, Errors> answers = new EnumMap<>(ApiKeys.class);
        try {
            for (Coordinated one : apis) {
                RawClient client = new RawClient(broker().port());
                clients.put(one.api(), client);
                client.send(one.request().apply("any"), (short) one.version());
            }
            for (Coordinated one : apis) {
                RawClient client = clients.get(one.api());
                ApiMessageType type = ApiMessageType.fromApiKey(one.api().id);
                answers.put(one.api(), Errors.forCode(ErrorCodes.first(client.receive(type, (short) one.version()))));
                client.ask(new ApiVersionsRequestData(), (short) 2);
            }
        } finally {
            for (RawClient client : clients.values()) {
                client.close();
            }
        }
        return answers;
    }
}

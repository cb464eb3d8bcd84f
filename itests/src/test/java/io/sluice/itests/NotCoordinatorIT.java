package io.sluice.itests;

import io.sluice.itests.CoordinatedApis.Coordinated;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Whoever has not asked which broker coordinates: none does, while the coordinators' topics do not exist. */
class NotCoordinatorIT extends ErrorSuite {
    private static final String WHEN = "before anybody asked for the coordinator";

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
            all.with(
                    one.api(),
                    api -> api.answers(
                            Errors.NOT_COORDINATOR,
                            WHEN,
                            client -> ErrorCodes.of(client, one.request().apply("any"), one.version())));
        }
        return all.with(
                        ApiKeys.READ_SHARE_GROUP_STATE,
                        api -> api.answers(
                                Errors.COORDINATOR_NOT_AVAILABLE,
                                WHEN + ", and has its topic made",
                                client -> ErrorCodes.of(
                                        client, ShareRequests.read("any", Coordinators.topicId(client, "t"), 1), 0)))
                .all();
    }
}

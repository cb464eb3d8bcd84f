package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.Controller;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.CreatePartitionsRequest;
import io.sluice.protocol.message.CreatePartitionsRequest.CreatePartitionsTopic;
import io.sluice.protocol.message.CreatePartitionsResponse;
import io.sluice.protocol.message.CreatePartitionsResponse.CreatePartitionsTopicResult;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.LateAnswer;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** CreatePartitions (API 37): makes topics wider. */
@Component(service = ApiHandler.class)
public final class CreatePartitionsHandler implements ApiHandler {
    private final Controller controller;

    @Activate
    public CreatePartitionsHandler(@Reference Controller controller) {
        this.controller = controller;
    }

    @Override
    public ApiKey api() {
        return ApiKey.CREATE_PARTITIONS;
    }

    @Override
    public void handle(Request request) {
        CreatePartitionsRequest asked = request.read(new CreatePartitionsRequest());
        Set<String> repeated = repeated(asked);
        List<CreatePartitionsTopicResult> refused = new ArrayList<>();
        List<CreatePartitionsTopic> accepted = new ArrayList<>();
        for (String name : repeated) {
            refused.add(result(name, Refusal.invalid("Duplicate topic name.")));
        }
        for (CreatePartitionsTopic topic : asked.topics()) {
            if (repeated.contains(topic.name())) {
                continue;
            }
            if (request.mayDo(Operation.ALTER, Resource.topic(topic.name()))) {
                accepted.add(topic);
            } else {
                refused.add(result(topic.name(), Refusal.of(ErrorCode.TOPIC_AUTHORIZATION_FAILED)));
            }
        }
        if (accepted.isEmpty()) {
            request.respond(new CreatePartitionsResponse().setResults(refused));
            return;
        }
        CreatePartitionsRequest forwarded = new CreatePartitionsRequest()
                .setTopics(accepted)
                .setTimeoutMs(asked.timeoutMs())
                .setValidateOnly(asked.validateOnly());
        LateAnswer.to(request, controller.createPartitions(forwarded), (created, failure) -> {
            List<CreatePartitionsTopicResult> results = new ArrayList<>(refused);
            if (created == null) {
                Refusal why = Refusal.of(failure);
                accepted.forEach(topic -> results.add(result(topic.name(), why)));
            } else {
                results.addAll(created.results());
            }
            return new CreatePartitionsResponse().setResults(results);
        });
    }

    private static Set<String> repeated(CreatePartitionsRequest asked) {
        Set<String> seen = new HashSet<>();
        Set<String> repeated = new LinkedHashSet<>();
        for (CreatePartitionsTopic topic : asked.topics()) {
            if (!seen.add(topic.name())) {
                repeated.add(topic.name());
            }
        }
        return repeated;
    }

    private static CreatePartitionsTopicResult result(String name, Refusal refusal) {
        return new CreatePartitionsTopicResult()
                .setName(name)
                .setErrorCode(refusal.code())
                .setErrorMessage(refusal.message());
    }
}

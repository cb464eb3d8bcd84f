package io.sluice.cluster.controller;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.AlterConfigPolicy;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.CreateTopicPolicy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The policies that are there at the moment; each of them must agree. They come and go on any thread. */
final class Policies {
    private static final Logger LOG = LoggerFactory.getLogger(Policies.class);

    private final List<CreateTopicPolicy> ofCreation = new CopyOnWriteArrayList<>();
    private final List<AlterConfigPolicy> ofConfigs = new CopyOnWriteArrayList<>();

    void add(CreateTopicPolicy policy) {
        ofCreation.add(policy);
    }

    void remove(CreateTopicPolicy policy) {
        ofCreation.remove(policy);
    }

    void add(AlterConfigPolicy policy) {
        ofConfigs.add(policy);
    }

    void remove(AlterConfigPolicy policy) {
        ofConfigs.remove(policy);
    }

    ApiError create(CreateTopicPolicy.Request request) {
        return ask(ofCreation, policy -> policy.problem(request), "creating the topic " + request.topic());
    }

    ApiError alter(ConfigResource resource, Map<String, @Nullable String> configs) {
        return ask(ofConfigs, policy -> policy.problem(resource, configs), "altering " + resource);
    }

    private static <P> ApiError ask(List<P> policies, Function<P, @Nullable String> question, String what) {
        for (P policy : policies) {
            String problem;
            try {
                problem = question.apply(policy);
            } catch (RuntimeException | LinkageError e) {
                String name = policy.getClass().getName();
                LOG.error("the policy {} failed at {}", name, what, e);
                return ApiError.of(ErrorCode.UNKNOWN_SERVER_ERROR, "The policy " + name + " failed.");
            }
            if (problem != null) {
                return ApiError.of(ErrorCode.POLICY_VIOLATION, problem);
            }
        }
        return ApiError.NONE;
    }
}

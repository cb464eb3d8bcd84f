package io.sluice.coordinator.streams;

import io.sluice.base.ErrorCode;
import io.sluice.base.Time;
import io.sluice.cluster.api.Controller;
import io.sluice.protocol.message.CreateTopicsRequest;
import io.sluice.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.sluice.protocol.message.CreateTopicsResponse;
import io.sluice.protocol.message.CreateTopicsResponse.CreatableTopicResult;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the controller make the topics. A topic is asked for by one request at a time, and what failed not again before a second is over, however many
 * members ask for it.
 */
public final class ControlledInternalTopics implements InternalTopics {
    private static final Logger LOG = LoggerFactory.getLogger(ControlledInternalTopics.class);
    private static final int TIMEOUT_MS = 30_000;
    private static final long PAUSE_MS = 1_000L;
    private static final int KNOWN_MAX = 10_000;
    private static final long NANOS_PER_MS = 1_000_000L;

    private final Controller controller;
    private final Time time;
    private final Map<String, Attempt> attempts = new ConcurrentHashMap<>();

    /** @param failure in words; null while it goes on */
    private record Attempt(long beganMs, @Nullable String failure) {}

    public ControlledInternalTopics(Controller controller, Time time) {
        this.controller = controller;
        this.time = time;
    }

    @Override
    public void create(List<CreatableTopic> topics) {
        long now = time.nanoseconds() / NANOS_PER_MS;
        if (attempts.size() > KNOWN_MAX) {
            attempts.values().removeIf(attempt -> now - attempt.beganMs() > TIMEOUT_MS);
        }
        List<CreatableTopic> wanted = new ArrayList<>();
        for (CreatableTopic topic : topics) {
            Attempt mine = new Attempt(now, null);
            Attempt current = attempts.compute(
                    topic.name(), (name, former) -> former == null || isOver(former, now) ? mine : former);
            if (current == mine) {
                wanted.add(topic);
            }
        }
        if (!wanted.isEmpty()) {
            controller
                    .createTopics(
                            new CreateTopicsRequest().setTimeoutMs(TIMEOUT_MS).setTopics(wanted))
                    .whenComplete((response, failure) -> done(wanted, response, failure));
        }
    }

    private static boolean isOver(Attempt attempt, long now) {
        return now - attempt.beganMs() > (attempt.failure() == null ? TIMEOUT_MS : PAUSE_MS);
    }

    private void done(
            List<CreatableTopic> wanted, @Nullable CreateTopicsResponse response, @Nullable Throwable failure) {
        long now = time.nanoseconds() / NANOS_PER_MS;
        if (response == null) {
            LOG.warn("the internal topics of a streams group could not be made: {}", String.valueOf(failure));
            wanted.forEach(topic -> attempts.put(topic.name(), new Attempt(now, "NOT_CONTROLLER")));
            return;
        }
        for (CreatableTopicResult result : response.topics()) {
            ErrorCode error = ErrorCode.of(result.errorCode());
            if (error == ErrorCode.NONE || error == ErrorCode.TOPIC_ALREADY_EXISTS) {
                attempts.remove(result.name());
            } else {
                String reason = result.errorMessage() == null ? error.name() : result.errorMessage();
                LOG.warn("the internal topic {} could not be made: {}", result.name(), reason);
                attempts.put(result.name(), new Attempt(now, reason));
            }
        }
    }

    @Override
    public String failures(Collection<String> topics) {
        Map<String, String> failures = new LinkedHashMap<>();
        for (String topic : topics) {
            Attempt attempt = attempts.get(topic);
            if (attempt != null && attempt.failure() != null) {
                failures.put(topic, attempt.failure());
            }
        }
        List<String> parts = new ArrayList<>();
        failures.forEach((topic, failure) -> parts.add(topic + " (" + failure + ")"));
        return String.join(", ", parts);
    }
}

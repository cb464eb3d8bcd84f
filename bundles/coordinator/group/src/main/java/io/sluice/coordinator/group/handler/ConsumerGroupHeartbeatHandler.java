package io.sluice.coordinator.group.handler;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.sluice.base.ErrorCode;
import io.sluice.base.Scheduler;
import io.sluice.broker.api.Broker;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.group.GroupCoordinator;
import io.sluice.coordinator.group.classic.ClientContext;
import io.sluice.coordinator.group.consumer.HeartbeatOutcome;
import io.sluice.coordinator.group.consumer.HeartbeatOutcome.ResolvedRegexes;
import io.sluice.coordinator.runtime.RegexSize;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.ConsumerGroupHeartbeatRequest;
import io.sluice.protocol.message.ConsumerGroupHeartbeatResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.request.api.Wakeup;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * ConsumerGroupHeartbeat (KIP-848). Regular expressions are matched in time that is linear in the topics' names (RE2), against the topics that the
 * client may describe: the coordinator says when it needs that, and the heartbeat is made again with the result. There may be very many topics, so
 * that neither an I/O thread nor the group's partition waits for it.
 */
@Component(service = ApiHandler.class)
public final class ConsumerGroupHeartbeatHandler implements ApiHandler {
    private static final long TIMEOUT_MS = 30_000L;
    private static final int ABBREVIATED_LENGTH = 200;

    private final GroupCoordinator groups;
    private final Scheduler workers;

    @Activate
    public ConsumerGroupHeartbeatHandler(@Reference GroupCoordinator groups, @Reference Broker broker) {
        this.groups = groups;
        this.workers = broker.scheduler();
    }

    @Override
    public ApiKey api() {
        return ApiKey.CONSUMER_GROUP_HEARTBEAT;
    }

    @Override
    public Execution execution() {
        return Execution.IO_THREAD;
    }

    @Override
    public void handle(Request request) {
        ConsumerGroupHeartbeatRequest heartbeat = request.read(new ConsumerGroupHeartbeatRequest());
        Answer<ConsumerGroupHeartbeatResponse> plain = new Answer<>(request, error -> refused(error, null));
        if (!request.mayDo(Operation.READ, Resource.group(heartbeat.groupId()))) {
            plain.refuse(ErrorCode.GROUP_AUTHORIZATION_FAILED);
            return;
        }
        if (heartbeat.subscribedTopicNames() != null) {
            for (String topic : heartbeat.subscribedTopicNames()) {
                if (!request.mayDo(Operation.DESCRIBE, Resource.topic(topic))) {
                    plain.refuse(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
                    return;
                }
            }
        }
        String regex = heartbeat.subscribedTopicRegex();
        String invalid = regex == null ? null : whyInvalid(regex);
        if (invalid != null) {
            request.respond(refused(ErrorCode.INVALID_REGULAR_EXPRESSION, invalid));
            return;
        }
        request.retain();
        submit(request, heartbeat, ResolvedRegexes.NONE);
    }

    /** Looks up the regular expressions that the coordinator wants, and makes the heartbeat again. */
    @Override
    public void resume(Request request, Object continuation, boolean timedOut) {
        Map<String, Set<String>> topics = new HashMap<>();
        MetadataImage image = groups.image();
        for (Object regex : (Iterable<?>) continuation) {
            topics.put((String) regex, topicsOf(request, image, (String) regex));
        }
        submit(request, request.read(new ConsumerGroupHeartbeatRequest()), new ResolvedRegexes(topics, image.offset()));
    }

    private void submit(Request request, ConsumerGroupHeartbeatRequest heartbeat, ResolvedRegexes resolved) {
        String clientId = request.clientId() == null ? "" : request.clientId();
        InetAddress address = request.peer().address().getAddress();
        String host = address == null ? "" : "/" + address.getHostAddress();
        ClientContext client = new ClientContext(clientId, host, request.version());
        Reply<HeartbeatOutcome> reply = new Decided(request, workers);
        groups.submit(heartbeat.groupId(), reply, (shard, turn) -> shard.consumers()
                .heartbeat(turn, heartbeat, client, resolved, reply));
    }

    private record Decided(Request request, Scheduler workers) implements Reply<HeartbeatOutcome> {
        @Override
        public void answer(HeartbeatOutcome outcome) {
            if (outcome instanceof HeartbeatOutcome.Answered answered) {
                request.respond(answered.response());
            } else if (outcome instanceof HeartbeatOutcome.RegexesWanted wanted) {
                Wakeup wakeup = request.park(new TreeSet<>(wanted.regexes()), TIMEOUT_MS);
                workers.execute(wakeup::fire);
            }
        }

        @Override
        public void refuse(ErrorCode error) {
            request.respond(refused(error, null));
        }
    }

    private static ConsumerGroupHeartbeatResponse refused(ErrorCode error, @Nullable String reason) {
        return new ConsumerGroupHeartbeatResponse().setErrorCode(error.code()).setErrorMessage(reason);
    }

    private static @Nullable String whyInvalid(String regex) {
        if (RegexSize.isTooLarge(regex)) {
            return "Regular expression " + abbreviated(regex) + " is too large when its repetitions are written out.";
        }
        try {
            Pattern.compile(regex);
            return null;
        } catch (PatternSyntaxException e) {
            return "Regular expression " + regex + " is not valid: " + e.getDescription() + ".";
        }
    }

    private static String abbreviated(String regex) {
        return regex.length() <= ABBREVIATED_LENGTH ? regex : regex.substring(0, ABBREVIATED_LENGTH) + "...";
    }

    private static Set<String> topicsOf(Request request, MetadataImage image, String regex) {
        Set<String> topics = new HashSet<>();
        if (whyInvalid(regex) != null) {
            // Another version of the broker took it: it stands for nothing here.
            return topics;
        }
        Pattern pattern = Pattern.compile(regex);
        for (TopicImage topic : image.topics()) {
            String name = topic.name();
            if (pattern.matches(name) && request.mayDo(Operation.DESCRIBE, Resource.topic(name))) {
                topics.add(name);
            }
        }
        return topics;
    }
}

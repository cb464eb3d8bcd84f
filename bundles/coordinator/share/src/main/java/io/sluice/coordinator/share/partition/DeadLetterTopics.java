package io.sluice.coordinator.share.partition;

import io.sluice.base.ErrorCode;
import io.sluice.base.Scheduler;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.AppendEntry;
import io.sluice.broker.api.AppendOrigin;
import io.sluice.broker.api.AppendTicket;
import io.sluice.broker.api.Broker;
import io.sluice.broker.api.Partitions;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.Controller;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.share.ShareGroupSettings;
import io.sluice.protocol.message.CreateTopicsRequest;
import io.sluice.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.sluice.protocol.message.CreateTopicsRequest.CreatableTopicConfig;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what share groups give up into their dead-letter topics (KIP-1191): a record for each, with headers that say where it comes from and why; with
 * its key and value where the group wants a copy. The topic must allow it ({@code errors.deadletterqueue.group.enable}); one that is not there is made
 * if the broker may do so.
 *
 * <p>What cannot be written after some attempts is given up all the same, and the log says so.
 */
public final class DeadLetterTopics implements DeadLetterOffice {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterTopics.class);
    private static final String ENABLE = "errors.deadletterqueue.group.enable";
    private static final String VERSION_FEATURE = "share.version";
    private static final int VERSION_WITH_DEAD_LETTERS = 2;
    private static final short ACKS_ALL = -1;
    private static final int APPEND_TIMEOUT_MS = 15_000;
    private static final int ATTEMPTS_MAX = 5;
    private static final long FIRST_PAUSE_MS = 1_000L;
    private static final int DEFAULT = -1;
    private static final int CREATE_TIMEOUT_MS = 30_000;

    private final Broker broker;
    private final Partitions partitions;
    private final MetadataSource metadata;
    private final Controller controller;

    public DeadLetterTopics(Broker broker, Partitions partitions, MetadataSource metadata, Controller controller) {
        this.broker = broker;
        this.partitions = partitions;
        this.metadata = metadata;
        this.controller = controller;
    }

    @Override
    public boolean serves(ShareGroupSettings settings) {
        Short version = metadata.image().features().get(VERSION_FEATURE);
        return !settings.deadLetterTopic().isEmpty() && version != null && version >= VERSION_WITH_DEAD_LETTERS;
    }

    @Override
    public void send(
            String groupId, TopicIdPartition partition, DeadLetter letter, ShareGroupSettings settings, Runnable done) {
        scheduler().execute(() -> attempt(new Sending(groupId, partition, letter, settings, done), 1));
    }

    private record Sending(
            String groupId,
            TopicIdPartition partition,
            DeadLetter letter,
            ShareGroupSettings settings,
            Runnable done) {}

    private Scheduler scheduler() {
        return broker.scheduler();
    }

    private void attempt(Sending sending, int attempt) {
        String name = sending.settings().deadLetterTopic();
        TopicImage topic = metadata.image().topic(name);
        String obstacle = obstacle(name, topic);
        if (obstacle != null) {
            giveUp(sending, obstacle);
        } else if (topic == null) {
            create(sending, attempt);
        } else {
            append(sending, topic, attempt);
        }
    }

    /** What no further attempt would change; null when nothing is in the way. */
    private @Nullable String obstacle(String name, @Nullable TopicImage topic) {
        MetadataImage image = metadata.image();
        String prefix = broker.config("errors.deadletterqueue.topic.name.prefix");
        if (name.isEmpty()) {
            return "the group has no dead-letter topic any more";
        }
        if (name.startsWith("__")) {
            return "the name of a dead-letter topic must not begin with __: " + name;
        }
        if (prefix != null && !name.startsWith(prefix)) {
            return "the name of a dead-letter topic must begin with " + prefix + ": " + name;
        }
        if (topic == null) {
            return "true".equals(broker.config("errors.deadletterqueue.auto.create.topics.enable"))
                    ? null
                    : "there is no topic " + name + ", and it may not be made";
        }
        String enabled = image.config(new ConfigResource(ConfigResource.Type.TOPIC, name))
                .get(ENABLE);
        return "true".equals(enabled) ? null : ENABLE + " is not set on the topic " + name;
    }

    private void create(Sending sending, int attempt) {
        CreatableTopic topic = new CreatableTopic()
                .setName(sending.settings().deadLetterTopic())
                .setNumPartitions(DEFAULT)
                .setReplicationFactor((short) DEFAULT)
                .setConfigs(List.of(new CreatableTopicConfig().setName(ENABLE).setValue("true")));
        controller
                .createTopics(new CreateTopicsRequest()
                        .setTimeoutMs(CREATE_TIMEOUT_MS)
                        .setTopics(List.of(topic)))
                .whenComplete((created, failure) -> again(sending, attempt, "the topic could not be made"));
    }

    private void append(Sending sending, TopicImage topic, int attempt) {
        TopicPartition target = new TopicPartition(
                topic.name(),
                sending.partition().partition() % topic.partitions().size());
        DeadLetterRecords records = new DeadLetterRecords(
                partitions,
                broker.time().milliseconds(),
                sending.groupId(),
                sending.partition(),
                sending.letter(),
                sending.settings().copiesDeadLetters());
        appendNext(sending, topic, target, records, attempt);
    }

    private void appendNext(
            Sending sending, TopicImage topic, TopicPartition target, DeadLetterRecords records, int attempt) {
        ByteBuffer batch;
        try {
            batch = records.next();
        } catch (RuntimeException e) {
            LOG.warn("the records of a dead letter cannot be made", e);
            giveUp(sending, "its records cannot be made");
            return;
        }
        if (batch == null) {
            sending.done().run();
        } else {
            append(sending, topic, target, records, batch, attempt);
        }
    }

    /** One batch after the other, so that an attempt that fails is repeated from there. */
    private void append(
            Sending sending,
            TopicImage topic,
            TopicPartition target,
            DeadLetterRecords records,
            ByteBuffer batch,
            int attempt) {
        AppendEntry entry = new AppendEntry(target, topic.id(), batch.duplicate());
        AppendTicket ticket = partitions.append(List.of(entry), ACKS_ALL, APPEND_TIMEOUT_MS, AppendOrigin.CLIENT);
        ticket.whenComplete(() -> {
            ErrorCode error = ticket.outcome(0).error();
            if (error == ErrorCode.NONE) {
                // Making the next may read from the disk.
                scheduler().execute(() -> appendNext(sending, topic, target, records, attempt));
            } else if (attempt < ATTEMPTS_MAX) {
                scheduler().schedule(pause(attempt), () -> append(sending, topic, target, records, batch, attempt + 1));
            } else {
                giveUp(sending, "the append failed with " + error);
            }
        });
    }

    private void again(Sending sending, int attempt, String reason) {
        if (attempt < ATTEMPTS_MAX) {
            long pause = metadata.image().topic(sending.settings().deadLetterTopic()) != null ? 0L : pause(attempt);
            scheduler().schedule(pause, () -> attempt(sending, attempt + 1));
        } else {
            giveUp(sending, reason);
        }
    }

    private static long pause(int attempt) {
        return FIRST_PAUSE_MS << (attempt - 1);
    }

    private static void giveUp(Sending sending, String reason) {
        LOG.warn(
                "offsets {} to {} of {} were given up by group {} and do not reach a dead-letter topic: {}",
                sending.letter().firstOffset(),
                sending.letter().lastOffset(),
                sending.partition(),
                sending.groupId(),
                reason);
        sending.done().run();
    }
}

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
import io.sluice.protocol.message.CreateTopicsResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;
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
    private static final int BATCH_BYTES_DEFAULT = 1_048_588;
    private static final int DEFAULT = -1;
    private static final int CREATE_TIMEOUT_MS = 30_000;

    private final Broker broker;
    private final Partitions partitions;
    private final MetadataSource metadata;
    private final Controller controller;
    private final Function<String, ShareGroupSettings> settings;

    /** @param settings a group's configuration, asked for each time */
    public DeadLetterTopics(
            Broker broker,
            Partitions partitions,
            MetadataSource metadata,
            Controller controller,
            Function<String, ShareGroupSettings> settings) {
        this.broker = broker;
        this.partitions = partitions;
        this.metadata = metadata;
        this.controller = controller;
        this.settings = settings;
    }

    @Override
    public boolean serves(ShareGroupSettings settings) {
        Short version = metadata.image().features().get(VERSION_FEATURE);
        return !settings.deadLetterTopic().isEmpty() && version != null && version >= VERSION_WITH_DEAD_LETTERS;
    }

    @Override
    public void send(String groupId, TopicIdPartition partition, DeadLetter letter, Runnable done) {
        scheduler().execute(() -> attempt(new Sending(groupId, partition, letter, done)));
    }

    /** A dead letter on its way. One batch after the other, so that an attempt that fails is repeated from there. For one thread at a time. */
    private static final class Sending {
        private final String groupId;
        private final TopicIdPartition partition;
        private final DeadLetter letter;
        private final Runnable done;
        private @Nullable DeadLetterRecords records;
        private @Nullable ByteBuffer batch;
        private int attempt = 1;

        Sending(String groupId, TopicIdPartition partition, DeadLetter letter, Runnable done) {
            this.groupId = groupId;
            this.partition = partition;
            this.letter = letter;
            this.done = done;
        }

        void batchIsWritten() {
            batch = null;
            attempt = 1;
        }
    }

    private Scheduler scheduler() {
        return broker.scheduler();
    }

    /** Each attempt goes by what is configured then; the topic may have been deleted, or another may be wanted. */
    private void attempt(Sending sending) {
        ShareGroupSettings now = settings.apply(sending.groupId);
        String name = now.deadLetterTopic();
        TopicImage topic = metadata.image().topic(name);
        String obstacle = obstacle(name, topic);
        if (obstacle != null) {
            giveUp(sending, obstacle);
        } else if (topic == null) {
            create(sending, name);
        } else {
            append(sending, topic, now.copiesDeadLetters());
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

    private void create(Sending sending, String name) {
        CreatableTopic topic = new CreatableTopic()
                .setName(name)
                .setNumPartitions(DEFAULT)
                .setReplicationFactor((short) DEFAULT)
                .setConfigs(List.of(
                        new CreatableTopicConfig().setName(ENABLE).setValue("true"),
                        new CreatableTopicConfig()
                                .setName("message.timestamp.type")
                                .setValue("CreateTime")));
        controller
                .createTopics(new CreateTopicsRequest()
                        .setTimeoutMs(CREATE_TIMEOUT_MS)
                        .setTopics(List.of(topic)))
                .whenComplete((created, failure) -> made(sending, name, errorOf(created, failure)));
    }

    private static ErrorCode errorOf(@Nullable CreateTopicsResponse created, @Nullable Throwable failure) {
        if (failure != null || created == null || created.topics().isEmpty()) {
            return ErrorCode.REQUEST_TIMED_OUT;
        }
        return ErrorCode.of(created.topics().iterator().next().errorCode());
    }

    private void made(Sending sending, String name, ErrorCode error) {
        boolean is = error == ErrorCode.NONE || error == ErrorCode.TOPIC_ALREADY_EXISTS;
        String reason = "the topic " + name + " could not be made: " + error;
        if (!is && !error.retriable()) {
            giveUp(sending, reason);
        } else {
            again(sending, metadata.image().topic(name) == null ? pause(sending.attempt) : 0L, reason);
        }
    }

    private void append(Sending sending, TopicImage topic, boolean copies) {
        ByteBuffer batch;
        try {
            batch = batch(sending, topic, copies);
        } catch (RuntimeException e) {
            LOG.warn("the records of a dead letter cannot be made", e);
            giveUp(sending, "its records cannot be made");
            return;
        }
        if (batch == null) {
            sending.done.run();
            return;
        }
        TopicPartition target = new TopicPartition(
                topic.name(), sending.partition.partition() % topic.partitions().size());
        AppendEntry entry = new AppendEntry(target, topic.id(), batch.duplicate());
        AppendTicket ticket = partitions.append(List.of(entry), ACKS_ALL, APPEND_TIMEOUT_MS, AppendOrigin.CLIENT);
        ticket.whenComplete(() -> appended(sending, ticket.outcome(0).error()));
    }

    /** The batch that was not written yet, or the next; null when all are written. */
    private @Nullable ByteBuffer batch(Sending sending, TopicImage topic, boolean copies) {
        if (sending.records == null) {
            sending.records = new DeadLetterRecords(
                    partitions,
                    broker.time().milliseconds(),
                    sending.groupId,
                    sending.partition,
                    sending.letter,
                    copies,
                    batchBytesMax(topic.name()));
        }
        if (sending.batch == null) {
            sending.batch = sending.records.next();
        }
        return sending.batch;
    }

    private int batchBytesMax(String topic) {
        String ofTopic = metadata.image()
                .config(new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .get("max.message.bytes");
        String most = ofTopic == null ? broker.config("message.max.bytes") : ofTopic;
        return most == null ? BATCH_BYTES_DEFAULT : Integer.parseInt(most.trim());
    }

    private void appended(Sending sending, ErrorCode error) {
        String reason = "the append failed with " + error;
        if (error == ErrorCode.NONE) {
            sending.batchIsWritten();
            // Making the next may read from the disk.
            scheduler().execute(() -> attempt(sending));
        } else if (error.retriable()) {
            again(sending, pause(sending.attempt), reason);
        } else {
            giveUp(sending, reason);
        }
    }

    private void again(Sending sending, long pauseMs, String reason) {
        if (sending.attempt >= ATTEMPTS_MAX) {
            giveUp(sending, reason);
            return;
        }
        sending.attempt++;
        scheduler().schedule(pauseMs, () -> attempt(sending));
    }

    private static long pause(int attempt) {
        return FIRST_PAUSE_MS << (attempt - 1);
    }

    private static void giveUp(Sending sending, String reason) {
        LOG.warn(
                "offsets {} to {} of {} were given up by group {} and do not reach a dead-letter topic: {}",
                sending.letter.firstOffset(),
                sending.letter.lastOffset(),
                sending.partition,
                sending.groupId,
                reason);
        sending.done.run();
    }
}

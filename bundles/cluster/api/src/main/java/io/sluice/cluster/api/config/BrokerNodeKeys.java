package io.sluice.cluster.api.config;

import static io.sluice.cluster.api.config.ConfigType.BOOLEAN;
import static io.sluice.cluster.api.config.ConfigType.INT;
import static io.sluice.cluster.api.config.ConfigType.LIST;
import static io.sluice.cluster.api.config.ConfigType.LONG;
import static io.sluice.cluster.api.config.ConfigType.STRING;
import static io.sluice.cluster.api.config.Importance.HIGH;
import static io.sluice.cluster.api.config.Importance.LOW;

import java.util.List;

/** Who this broker is, how many threads it has, and what it allows clients to do to topics. */
final class BrokerNodeKeys {
    static final List<ConfigKey> KEYS = List.of(
            ConfigKey.of("node.id", INT, "1")
                    .atLeast(0)
                    .importance(HIGH)
                    .doc("The number of this node, which no other node of the cluster has."),
            ConfigKey.of("broker.rack", STRING, null)
                    .doc("Where this broker stands; replicas of a partition are spread over different racks."),
            ConfigKey.of("auto.create.topics.enable", BOOLEAN, "true")
                    .importance(HIGH)
                    .doc("Whether asking for a topic that does not exist creates it."),
            ConfigKey.of("delete.topic.enable", BOOLEAN, "true")
                    .importance(HIGH)
                    .doc("Whether topics can be deleted."),
            ConfigKey.of("num.partitions", INT, "1")
                    .atLeast(1)
                    .doc("How many partitions a new topic has when its creator does not say."),
            ConfigKey.of("default.replication.factor", INT, "1")
                    .atLeast(1)
                    .doc("How many replicas a new topic has when its creator does not say."),
            ConfigKey.of("num.network.threads", INT, "3")
                    .atLeast(1)
                    .importance(HIGH)
                    .doc("How many threads of a listener read requests and write answers."),
            ConfigKey.of("num.io.threads", INT, "8")
                    .atLeast(1)
                    .importance(HIGH)
                    .withoutEffect()
                    .doc("How many threads work on requests that may wait for the disk."),
            ConfigKey.of("background.threads", INT, "10")
                    .atLeast(1)
                    .importance(HIGH)
                    .withoutEffect()
                    .doc("How many threads do the work that no request waits for."),
            ConfigKey.of("num.recovery.threads.per.data.dir", INT, "2")
                    .atLeast(1)
                    .importance(HIGH)
                    .live()
                    .doc("How many threads open the logs of a directory, and check them after an unclean stop."),
            ConfigKey.of("queued.max.requests", INT, "500")
                    .atLeast(1)
                    .importance(HIGH)
                    .withoutEffect()
                    .doc("How many requests may wait for a thread before connections are no longer read."),
            ConfigKey.of("queued.max.request.bytes", LONG, "-1")
                    .doc(
                            "How many bytes of requests may be kept because they wait. Produces may take seven eighths of it; when"
                                    + " most of that is used, connections that produce are not read until there is room. -1 takes"
                                    + " a quarter of the heap. Not less than socket.request.max.bytes."),
            ConfigKey.of("request.timeout.ms", INT, "30000")
                    .importance(HIGH)
                    .withoutEffect()
                    .doc("How long the broker waits for the answer to a request of its own."),
            ConfigKey.of("max.request.partition.size.limit", INT, "2000")
                    .atLeast(1)
                    .doc("How many partitions a describing request gets at most in one answer."),
            ConfigKey.of("telemetry.max.bytes", INT, "1048576")
                    .atLeast(1)
                    .importance(LOW)
                    .doc("How many bytes of metrics a client may push at a time, compressed or not."),
            ConfigKey.of("metadata.log.max.record.bytes.between.snapshots", LONG, "20971520")
                    .atLeast(1)
                    .importance(HIGH)
                    .doc("After how many bytes of metadata records the next snapshot of the metadata is written."),
            ConfigKey.of("log.dir", LIST, null)
                    .importance(HIGH)
                    .doc("The directory of the partitions' logs, where log.dirs is not given."),
            ConfigKey.of("log.dirs", LIST, null)
                    .importance(HIGH)
                    .doc("The directories of the partitions' logs; by default one in the data directory."),
            ConfigKey.of("controlled.shutdown.enable", BOOLEAN, "true")
                    .withoutEffect()
                    .doc("Whether a stopping broker hands its partitions to others first."),
            ConfigKey.of("transport.type", STRING, "mina")
                    .doc("Which of the installed transports opens the listeners."),
            ConfigKey.of("replication.type", STRING, "local")
                    .doc("Which of the installed replication strategies decides when a write is committed."),
            ConfigKey.of("authenticator.type", STRING, "open")
                    .doc("Which of the installed authenticators says who a peer is."),
            ConfigKey.of("authorizer.type", STRING, "open")
                    .doc("Which of the installed authorizers says who may do what."));

    private BrokerNodeKeys() {}
}

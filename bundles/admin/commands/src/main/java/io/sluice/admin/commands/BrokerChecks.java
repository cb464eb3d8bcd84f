package io.sluice.admin.commands;

import io.sluice.admin.api.HealthCheck;
import io.sluice.admin.api.HealthCheck.Finding;
import io.sluice.broker.api.PartRegistries;
import io.sluice.broker.api.PartRegistries.Part;
import io.sluice.broker.api.PartitionStanding;
import io.sluice.broker.api.PartitionStatus;
import io.sluice.broker.api.Partitions;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.storage.api.LogDirectory;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the doctor looks at in the broker: readiness, parts, partitions and disk space. Any thread. */
final class BrokerChecks {
    private static final long FREE_BYTES_MIN = 1L << 30;
    private static final double FREE_SHARE_MIN = 0.05;

    private final BrokerAccess access;
    private final Path data;
    private final Supplier<@Nullable String> startFailure;

    /** @param startFailure why the broker could not start, in one sentence; null when it did or is about to */
    BrokerChecks(BrokerAccess access, Path data, Supplier<@Nullable String> startFailure) {
        this.access = access;
        this.data = data;
        this.startFailure = startFailure;
    }

    List<HealthCheck> all() {
        return List.of(this::readiness, this::parts, this::partitions, this::diskSpace);
    }

    private List<Finding> readiness() {
        List<Finding> findings = new ArrayList<>();
        String failure = startFailure.get();
        if (failure != null) {
            findings.add(Finding.error("broker", failure, "mend that and start it again"));
        } else if (access.client.get() == null) {
            findings.add(
                    Finding.error("broker", "it does not serve yet", "wait a moment; log:tail shows how far it is"));
        }
        return findings;
    }

    private List<Finding> parts() {
        List<Finding> findings = new ArrayList<>();
        PartRegistries registries = access.parts.get();
        if (registries == null) {
            return findings;
        }
        for (Part part : registries.parts()) {
            String about = part.kind() + " " + part.name();
            if (part.state().equals("Failed")) {
                findings.add(Finding.error(
                        about,
                        "it did not open: " + part.reason(),
                        "plugin:rollback " + part.bundle() + " goes back to the version before"));
            } else if (part.state().equals("Absent")) {
                String waiting = part.parkedNow() > 0 ? "; " + part.parkedNow() + " requests wait for it" : "";
                findings.add(Finding.error(
                        about,
                        "nobody holds it: " + part.reason() + waiting,
                        part.bundle().isEmpty()
                                ? "plugin:install a bundle that provides it"
                                : "bundle:start " + part.bundle() + ", or plugin:why " + part.bundle()));
            }
            String unreturned = part.facts().get("unreturned");
            if (unreturned != null) {
                findings.add(Finding.warning(
                        about,
                        unreturned + " uses of its holder before did not end in time when that was closed",
                        "restart the broker when it is convenient; log:tail shows when it was"));
            }
        }
        return findings;
    }

    private List<Finding> partitions() {
        List<Finding> findings = new ArrayList<>();
        Partitions partitions = access.partitions.get();
        if (partitions != null) {
            Set<String> full = new TreeSet<>();
            for (PartitionStatus status : partitions.statuses()) {
                if (status.standing() == PartitionStanding.OFFLINE) {
                    findings.add(Finding.error(
                            status.partition().topicPartition().toString(),
                            "it is offline: " + status.reason(),
                            "plugin:list shows the state of the engine " + status.engine()));
                } else if (status.standing() == PartitionStanding.DAMAGED) {
                    findings.add(Finding.error(
                            status.partition().topicPartition().toString(),
                            "a part of its log is damaged: " + status.reason(),
                            "storage:repair " + status.partition().topic() + " "
                                    + status.partition().partition() + " --plan shows what can be kept"));
                } else if (status.standing() == PartitionStanding.READ_ONLY && status.reason() != null) {
                    full.add(status.reason());
                }
            }
            for (String reason : full) {
                findings.add(
                        Finding.error(
                                "disk",
                                "clients' records are refused, for " + reason,
                                "make room, lower retention.bytes of a large topic or delete one; writes resume by themselves"));
            }
            for (LogDirectory directory : partitions.logDirectories()) {
                if (directory.failure() != null) {
                    findings.add(Finding.error(
                            directory.path().toString(),
                            "the log directory is offline: " + directory.failure(),
                            "mend or replace the disk and restart the broker"));
                }
            }
        }
        MetadataSource source = access.metadata.get();
        if (source != null) {
            leaderless(source.image(), findings);
        }
        return findings;
    }

    private static void leaderless(MetadataImage image, List<Finding> findings) {
        for (TopicImage topic : image.topics()) {
            for (PartitionImage partition : topic.partitions()) {
                if (partition.leader() < 0) {
                    findings.add(Finding.error(
                            topic.name() + "-" + partition.partition(),
                            "it has no leader",
                            "start one of the brokers " + partition.replicas()));
                } else if (partition.inSyncReplicas().size()
                        < partition.replicas().size()) {
                    findings.add(Finding.warning(
                            topic.name() + "-" + partition.partition(),
                            "only " + partition.inSyncReplicas() + " of " + partition.replicas() + " are in sync",
                            "look at the brokers that are missing"));
                }
            }
        }
    }

    private List<Finding> diskSpace() {
        List<Finding> findings = new ArrayList<>();
        try {
            FileStore store = Files.getFileStore(data);
            long free = store.getUsableSpace();
            if (free < FREE_BYTES_MIN || free < store.getTotalSpace() * FREE_SHARE_MIN) {
                findings.add(Finding.warning(
                        data.toString(),
                        "only " + (free >> 20) + " MiB are free",
                        "make room, or lower log.retention.bytes"));
            }
        } catch (IOException e) {
            findings.add(Finding.error(data.toString(), "it cannot be read: " + e.getMessage(), "check the disk"));
        }
        return findings;
    }
}

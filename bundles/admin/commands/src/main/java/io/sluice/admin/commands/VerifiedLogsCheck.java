package io.sluice.admin.commands;

import io.sluice.admin.api.HealthCheck;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.TopicImage;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Tells what {@code storage:verify} found last, and forgets the logs of topics that are no more. Any thread. */
final class VerifiedLogsCheck implements HealthCheck {
    private final BrokerAccess access;
    private final VerifiedLogs verified;

    VerifiedLogsCheck(BrokerAccess access, VerifiedLogs verified) {
        this.access = access;
        this.verified = verified;
    }

    @Override
    public List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        MetadataSource source = access.metadata.get();
        if (source == null) {
            return findings; // whose logs they are is not known yet
        }
        try {
            for (VerifiedLogs.Unsound log : verified.all()) {
                TopicImage topic = source.image().topic(log.topic());
                if (topic == null || topic.partitions().size() <= log.partition()) {
                    verified.forget(log.topic(), log.partition());
                } else {
                    findings.add(finding(topic.name(), log));
                }
            }
        } catch (IOException e) {
            findings.add(Finding.warning(
                    "storage:verify",
                    "what it found before cannot be read: " + e.getMessage(),
                    "delete that file and run storage:verify again"));
        }
        return findings;
    }

    private static Finding finding(String topic, VerifiedLogs.Unsound log) {
        String more = log.findings() == 1L ? "" : ", and " + (log.findings() - 1L) + " more";
        return Finding.error(
                topic + "-" + log.partition(),
                "storage:verify found its log not in order, on " + Instant.ofEpochMilli(log.verifiedAtMs()) + ": "
                        + log.first() + more,
                "storage:repair " + topic + " " + log.partition() + " --plan shows what can be kept; storage:verify "
                        + topic + " looks again");
    }
}

package io.sluice.admin.commands;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.CommandException;
import io.sluice.admin.api.Invocation;
import io.sluice.admin.api.SimpleCommand;
import io.sluice.base.Time;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.PartitionStatus;
import io.sluice.cluster.api.TopicImage;
import io.sluice.storage.api.LogDamage;
import io.sluice.storage.api.LogFinding;
import io.sluice.storage.api.LogVerification;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code storage:}, as far as it concerns logs that are damaged. */
final class StorageCommands {
    private static final long BYTES_PER_SECOND = 100L * 1024 * 1024;

    private final BrokerAccess access;
    private final TopicNames names;
    private final VerifiedLogs verified;
    private final Time time;

    StorageCommands(BrokerAccess access, TopicNames names, VerifiedLogs verified, Time time) {
        this.access = access;
        this.names = names;
        this.verified = verified;
        this.time = time;
    }

    List<Command> all() {
        return List.of(
                new SimpleCommand(
                        "storage", "status", "Logs by their size and place, and what is damaged", "", this::status),
                new SimpleCommand(
                        "storage",
                        "verify",
                        "Reads the logs of a topic whole and says what is wrong with them",
                        "TOPIC [--partition N] [--throttle BYTES_PER_SECOND]",
                        this::verify,
                        names::first),
                new SimpleCommand(
                        "storage",
                        "repair",
                        "Gives up one side of a damaged range, so that the partition can be written to again",
                        "TOPIC PARTITION [--plan] [--start] [--cut]",
                        this::repair,
                        names::first));
    }

    private int status(Invocation invocation) throws CommandException {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (PartitionStatus status : access.partitions().statuses()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("partition", status.partition().topicPartition().toString());
            row.put("engine", status.engine());
            row.put("state", status.state());
            row.put("bytes", status.sizeInBytes());
            row.put("log-start", status.logStartOffset());
            row.put("log-end", status.logEndOffset());
            row.put(
                    "directory",
                    status.directory() == null ? null : status.directory().toString());
            row.put("reason", status.reason());
            rows.add(row);
        }
        rows.sort((a, b) -> String.valueOf(a.get("partition")).compareTo(String.valueOf(b.get("partition"))));
        invocation.table(
                List.of("partition", "engine", "state", "bytes", "log-start", "log-end", "directory", "reason"), rows);
        return 0;
    }

    private int verify(Invocation invocation) throws CommandException {
        TopicImage topic = names.require(invocation.arguments().get(0));
        String only = invocation.option("partition");
        String throttle = invocation.option("throttle");
        long bytesPerSecond = throttle == null ? BYTES_PER_SECOND : Answers.number(throttle, "--throttle");
        if (bytesPerSecond < 1L) {
            throw new CommandException(2, "--throttle is at least 1 byte per second");
        }
        ThrottledReads pace = new ThrottledReads(bytesPerSecond, time, invocation::interrupted);
        List<Map<String, Object>> rows = new ArrayList<>();
        boolean sound = true;
        int first = only == null ? 0 : partition(topic, only);
        int last = only == null ? topic.partitions().size() - 1 : first;
        for (int number = first; number <= last; number++) {
            TopicPartition name = new TopicPartition(topic.name(), number);
            try {
                LogVerification found = access.care().verify(name, pace);
                remember(invocation, topic, number, found);
                sound &= report(invocation, name, found, rows);
            } catch (IOException e) {
                throw new CommandException(1, name + " could not be verified: " + e.getMessage());
            }
        }
        if (invocation.json()) {
            invocation.table(List.of("partition", "offset", "where", "problem"), rows);
        } else if (!sound) {
            invocation.err().println("doctor and storage:repair say what can be done");
        }
        return sound ? 0 : 1;
    }

    /** For the doctor; what was found is told here even if it cannot be kept. */
    private void remember(Invocation invocation, TopicImage topic, int partition, LogVerification found) {
        try {
            verified.keep(topic.id(), partition, found, time.milliseconds());
        } catch (IOException e) {
            invocation.err().println("the doctor will not know of this: " + e.getMessage());
        }
    }

    private static boolean report(
            Invocation invocation, TopicPartition name, LogVerification found, List<Map<String, Object>> rows) {
        for (LogFinding finding : found.findings()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("partition", name.toString());
            row.put("offset", finding.offset());
            row.put("where", finding.where());
            row.put("problem", finding.problem());
            rows.add(row);
            if (!invocation.json()) {
                String at = finding.offset() < 0L ? "" : " offset " + finding.offset();
                String where = finding.where().isEmpty() ? "" : " (" + finding.where() + ")";
                invocation.out().println(name + at + where + ": " + finding.problem());
            }
        }
        if (!invocation.json()) {
            String verdict = found.isSound() ? "in order" : found.findingCount() + " findings";
            invocation
                    .out()
                    .println(name + ": " + verdict + "; " + found.batches() + " batches, " + found.records()
                            + " records, " + found.bytes() + " bytes, offsets " + found.firstOffset() + " to "
                            + found.endOffset() + absent(found));
        }
        return found.isSound();
    }

    private static String absent(LogVerification found) {
        return found.absentOffsets() == 0L
                ? ""
                : "; " + found.absentOffsets() + " of them have no batch, as compaction leaves a log and its copies";
    }

    private static int partition(TopicImage topic, String text) throws CommandException {
        int number = Answers.smallNumber(text, "PARTITION");
        if (number < 0 || number >= topic.partitions().size()) {
            throw new CommandException(
                    1,
                    topic.name() + " has the partitions 0 to "
                            + (topic.partitions().size() - 1));
        }
        return number;
    }

    private int repair(Invocation invocation) throws CommandException {
        TopicImage topic = names.require(invocation.arguments().get(0));
        TopicPartition name = new TopicPartition(
                topic.name(), partition(topic, invocation.arguments().get(1)));
        boolean start = invocation.flag("start");
        boolean cut = invocation.flag("cut");
        if (start && cut) {
            throw new CommandException(2, "--start and --cut exclude each other");
        }
        try {
            List<LogDamage> damage = access.care().damage(name);
            if (damage.isEmpty()) {
                invocation.out().println(name + " has no damaged range");
                return 0;
            }
            if (invocation.flag("plan") || (!start && !cut)) {
                plan(invocation, name, damage);
                return invocation.flag("plan") ? 0 : 2;
            }
            if (start) {
                invocation
                        .out()
                        .println(name + " begins at offset " + access.care().startBehindDamage(name));
            } else {
                invocation
                        .out()
                        .println(name + " ends at offset " + access.care().cutAtDamage(name));
            }
            verified.forget(topic.id(), name.partition());
            return 0;
        } catch (IOException e) {
            throw new CommandException(1, name + " was not repaired: " + e.getMessage());
        }
    }

    private void plan(Invocation invocation, TopicPartition name, List<LogDamage> damage) throws CommandException {
        PartitionStatus status = access.partitions().status(name);
        if (status == null) {
            throw new CommandException(1, "this broker does not have " + name);
        }
        damage.forEach(range -> invocation.out().println(name + ": " + range.describe()));
        long behind = damage.get(damage.size() - 1).nextOffset();
        long before = damage.get(0).firstOffset();
        invocation
                .out()
                .println("--start gives up the offsets " + status.logStartOffset() + " to " + (behind - 1L)
                        + ": the log begins at " + behind);
        invocation
                .out()
                .println("--cut gives up the offsets " + before + " to " + (status.logEndOffset() - 1L)
                        + ": the log ends at " + before + ", and these offsets are given anew");
    }
}

package io.sluice.admin.commands;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.CommandException;
import io.sluice.admin.api.Invocation;
import io.sluice.admin.api.SimpleCommand;
import io.sluice.broker.api.EngineMigrations;
import io.sluice.broker.api.MigrationException;
import io.sluice.broker.api.MigrationPlan;
import io.sluice.broker.api.MigrationStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Those of {@code engine:} that move topics. */
final class MigrationCommands {
    private final BrokerAccess access;
    private final TopicNames names;

    MigrationCommands(BrokerAccess access, TopicNames names) {
        this.access = access;
        this.names = names;
    }

    List<Command> all() {
        return List.of(
                new SimpleCommand(
                        "engine",
                        "migrate",
                        "Moves a topic to another storage engine while it is written and read",
                        "TOPIC ENGINE [--throttle BYTES/S] [--plan] [--allow-volatile]",
                        this::migrate,
                        names::first),
                new SimpleCommand(
                        "engine",
                        "migrations",
                        "Topics that are being moved, partition by partition",
                        "[TOPIC]",
                        this::list,
                        names::first),
                verb("pause", "Copies nothing more of a topic for now", "paused", EngineMigrations::pause),
                verb("resume", "Goes on moving a topic; what failed begins anew", "resumed", EngineMigrations::resume),
                new SimpleCommand(
                        "engine",
                        "throttle",
                        "Limits the bytes of a topic that are copied in a second; 0 for no limit",
                        "TOPIC BYTES/S",
                        this::throttle,
                        names::first),
                verb(
                        "abort",
                        "Gives up before a topic has moved, and deletes the new copies",
                        "aborted",
                        EngineMigrations::abort),
                verb(
                        "rollback",
                        "Brings a topic back to the engine that it came from",
                        "going back",
                        EngineMigrations::rollback),
                verb(
                        "finalise",
                        "Keeps a topic where it has moved, and deletes the old copies",
                        "finalised",
                        EngineMigrations::finalise));
    }

    /** One of the service's methods. */
    private interface Deed {
        void on(EngineMigrations migrations, String topic) throws MigrationException;
    }

    private Command verb(String verb, String summary, String done, Deed deed) {
        return new SimpleCommand(
                "engine",
                verb,
                summary,
                "TOPIC",
                invocation -> {
                    String topic = argument(invocation, 0, "TOPIC");
                    try {
                        deed.on(access.migrations(), topic);
                    } catch (MigrationException e) {
                        throw new CommandException(1, String.valueOf(e.getMessage()));
                    }
                    return said(invocation, topic, done);
                },
                names::first);
    }

    private static int said(Invocation invocation, String topic, String done) {
        if (invocation.json()) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("topic", topic);
            answer.put("done", done);
            invocation.object(answer);
        } else {
            invocation.out().println(topic + ": " + done);
        }
        return 0;
    }

    private static String argument(Invocation invocation, int index, String what) throws CommandException {
        if (invocation.arguments().size() <= index) {
            throw new CommandException(2, what + " is missing");
        }
        return invocation.arguments().get(index);
    }

    private int migrate(Invocation invocation) throws CommandException {
        String topic = argument(invocation, 0, "TOPIC");
        String engine = argument(invocation, 1, "ENGINE");
        String limit = invocation.option("throttle");
        long bytesPerSecond = limit == null ? 0L : limit(limit);
        try {
            if (invocation.flag("plan")) {
                print(invocation, access.migrations().plan(topic, engine));
                return 0;
            }
            access.migrations().start(topic, engine, bytesPerSecond, invocation.flag("allow-volatile"));
        } catch (MigrationException e) {
            throw new CommandException(1, String.valueOf(e.getMessage()));
        }
        return said(invocation, topic, "moving to " + engine);
    }

    private static long limit(String text) throws CommandException {
        long limit = Answers.number(text, "BYTES/S");
        if (limit < 0L) {
            throw new CommandException(2, "BYTES/S is not negative");
        }
        return limit;
    }

    private static void print(Invocation invocation, MigrationPlan plan) {
        if (invocation.json()) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("topic", plan.topic());
            values.put("target", plan.target());
            values.put("partitions", plan.partitions());
            values.put("bytes", plan.bytes());
            values.put("durable", plan.isTargetDurable());
            values.put("steps", plan.steps());
            invocation.object(values);
            return;
        }
        int number = 1;
        for (String step : plan.steps()) {
            invocation.out().println(number++ + ". " + step);
        }
    }

    private int throttle(Invocation invocation) throws CommandException {
        String topic = argument(invocation, 0, "TOPIC");
        long limit = limit(argument(invocation, 1, "BYTES/S"));
        try {
            access.migrations().throttle(topic, limit);
        } catch (MigrationException e) {
            throw new CommandException(1, String.valueOf(e.getMessage()));
        }
        return said(invocation, topic, limit == 0L ? "no limit" : limit + " bytes a second");
    }

    private int list(Invocation invocation) throws CommandException {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (MigrationStatus status : access.migrations().statuses()) {
            boolean wanted = invocation.arguments().isEmpty()
                    || invocation.arguments().get(0).equals(status.partition().topic());
            if (wanted) {
                rows.add(row(status));
            }
        }
        invocation.table(
                List.of(
                        "topic",
                        "partition",
                        "from",
                        "to",
                        "active",
                        "phase",
                        "percent",
                        "behind",
                        "stall-ms",
                        "problem"),
                rows);
        return 0;
    }

    private static Map<String, Object> row(MigrationStatus status) {
        long records = status.logEndOffset() - status.logStartOffset();
        long done = Math.max(0L, status.verifiedOffset() - status.logStartOffset());
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("topic", status.partition().topic());
        row.put("partition", status.partition().partition());
        row.put("from", status.source());
        row.put("to", status.target());
        row.put("active", status.active());
        row.put("phase", status.paused() ? status.phase() + ", paused" : status.phase());
        row.put("percent", records <= 0L ? 100L : Math.min(100L, done * 100L / records));
        row.put(
                "behind",
                Math.max(0L, status.logEndOffset() - Math.max(status.verifiedOffset(), status.logStartOffset())));
        row.put("stall-ms", Double.valueOf(String.format(Locale.ROOT, "%.3f", status.longestStallMs())));
        row.put("problem", status.problem().isEmpty() ? null : status.problem());
        row.put("log-start", status.logStartOffset());
        row.put("log-end", status.logEndOffset());
        row.put("verified", status.verifiedOffset());
        row.put("copied-bytes", status.copiedBytes());
        row.put("cut-overs", status.cutOvers());
        row.put("throttle", status.bytesPerSecond());
        return row;
    }
}

package io.sluice.admin.commands;

import io.sluice.admin.api.CommandException;
import io.sluice.admin.api.Invocation;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.DescribeConfigsRequest;
import io.sluice.protocol.message.DescribeConfigsRequest.DescribeConfigsResource;
import io.sluice.protocol.message.DescribeConfigsResponse;
import io.sluice.protocol.message.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest.AlterableConfig;
import io.sluice.protocol.message.IncrementalAlterConfigsResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Kafka's configuration keys of topics and brokers, by the requests that any client sends. */
final class ResourceConfigs {
    private static final byte SET = 0;
    private static final byte DELETE = 1;
    private static final List<String> SOURCES = List.of(
            "unknown",
            "topic",
            "broker",
            "all brokers",
            "static",
            "default",
            "logger",
            "metrics",
            "group",
            "all groups");

    private final BrokerAccess access;

    ResourceConfigs(BrokerAccess access) {
        this.access = access;
    }

    /** A key and its new value; null to fall back to the default. */
    record Change(String key, @Nullable String value) {}

    /** What {@code --config} and {@code --delete-config} ask for. */
    static List<Change> changes(Invocation invocation) throws CommandException {
        List<Change> changes = new ArrayList<>();
        for (String config : invocation.options("config")) {
            String[] pair = Answers.pair(config, "--config");
            changes.add(new Change(pair[0], pair[1]));
        }
        for (String key : invocation.options("delete-config")) {
            changes.add(new Change(key, null));
        }
        return changes;
    }

    /** @throws CommandException when the change is refused; then nothing has changed */
    void alter(ConfigResource resource, List<Change> changes) throws CommandException {
        List<AlterableConfig> configs = new ArrayList<>();
        for (Change change : changes) {
            configs.add(new AlterableConfig()
                    .setName(change.key())
                    .setConfigOperation(change.value() == null ? DELETE : SET)
                    .setValue(change.value()));
        }
        IncrementalAlterConfigsRequest request = new IncrementalAlterConfigsRequest()
                .setResources(List.of(new AlterConfigsResource()
                        .setResourceType(resource.type().code())
                        .setResourceName(resource.name())
                        .setConfigs(configs)));
        var answer = access.send(ApiKey.INCREMENTAL_ALTER_CONFIGS, request, IncrementalAlterConfigsResponse.class)
                .responses()
                .get(0);
        Answers.require(answer.errorCode(), answer.errorMessage(), "the change was refused");
    }

    List<DescribeConfigsResourceResult> describe(ConfigResource resource, boolean documentation)
            throws CommandException {
        DescribeConfigsRequest request = new DescribeConfigsRequest()
                .setResources(List.of(new DescribeConfigsResource()
                        .setResourceType(resource.type().code())
                        .setResourceName(resource.name())
                        .setConfigurationKeys(null)))
                .setIncludeDocumentation(documentation);
        var result = access.send(ApiKey.DESCRIBE_CONFIGS, request, DescribeConfigsResponse.class)
                .results()
                .get(0);
        Answers.require(result.errorCode(), result.errorMessage(), "the configuration cannot be read");
        return result.configs();
    }

    static String source(byte code) {
        return code >= 0 && code < SOURCES.size() ? SOURCES.get(code) : String.valueOf(code);
    }
}

package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.Broker;
import io.sluice.broker.api.TopicNames;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.config.ConfigResolver;
import io.sluice.cluster.api.config.ConfigSource;
import io.sluice.cluster.api.config.ConfigSynonym;
import io.sluice.cluster.api.config.ResolvedConfig;
import io.sluice.protocol.message.DescribeConfigsRequest.DescribeConfigsResource;
import io.sluice.protocol.message.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.sluice.protocol.message.DescribeConfigsResponse.DescribeConfigsResult;
import io.sluice.protocol.message.DescribeConfigsResponse.DescribeConfigsSynonym;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Describes the configuration of one resource. The asker's rights were checked before. */
final class ConfigDescription {
    private final MetadataSource metadata;
    private final Broker broker;
    private final BrokerLoggers loggers;

    ConfigDescription(MetadataSource metadata, Broker broker, BrokerLoggers loggers) {
        this.metadata = metadata;
        this.broker = broker;
        this.loggers = loggers;
    }

    DescribeConfigsResult describe(DescribeConfigsResource asked, boolean synonyms, boolean documentation) {
        ConfigResource.Type type = Objects.requireNonNull(ConfigResource.Type.of(asked.resourceType()));
        return switch (type) {
            case TOPIC -> topic(asked, synonyms, documentation);
            case BROKER -> broker(asked, synonyms, documentation);
            case BROKER_LOGGER -> brokerLogger(asked);
            case CLIENT_METRICS -> clientMetrics(asked, synonyms, documentation);
            case GROUP -> group(asked, synonyms, documentation);
        };
    }

    private DescribeConfigsResult topic(DescribeConfigsResource asked, boolean synonyms, boolean documentation) {
        String flaw = TopicNames.flaw(asked.resourceName());
        if (flaw != null) {
            return DescribeConfigsHandler.refused(new Refusal(ErrorCode.INVALID_TOPIC_EXCEPTION, flaw));
        }
        MetadataImage image = metadata.image();
        if (image.topic(asked.resourceName()) == null) {
            return DescribeConfigsHandler.refused(Refusal.of(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
        }
        return found(asked, resolver(image).describeTopic(asked.resourceName()), synonyms, documentation);
    }

    private DescribeConfigsResult broker(DescribeConfigsResource asked, boolean synonyms, boolean documentation) {
        ConfigResolver resolver = resolver(metadata.image());
        if (asked.resourceName().isEmpty()) {
            return found(asked, resolver.describeDefaultBroker(), synonyms, documentation);
        }
        Refusal refusal = BrokerName.refusal(asked.resourceName(), broker.nodeId());
        return refusal == null
                ? found(asked, resolver.describeBroker(), synonyms, documentation)
                : DescribeConfigsHandler.refused(refusal);
    }

    /** Each logger with the level that holds for it, as in Kafka. */
    private DescribeConfigsResult brokerLogger(DescribeConfigsResource asked) {
        Refusal refusal = BrokerName.refusal(asked.resourceName(), broker.nodeId());
        if (refusal != null) {
            return DescribeConfigsHandler.refused(refusal);
        }
        List<DescribeConfigsResourceResult> results = new ArrayList<>();
        loggers.levels().forEach((name, level) -> {
            if (isWanted(asked, name)) {
                results.add(new DescribeConfigsResourceResult()
                        .setName(name)
                        .setValue(level)
                        .setConfigSource(ConfigSource.DYNAMIC_BROKER_LOGGER.code())
                        .setDocumentation(null));
            }
        });
        return DescribeConfigsHandler.found(results);
    }

    private DescribeConfigsResult group(DescribeConfigsResource asked, boolean synonyms, boolean documentation) {
        return asked.resourceName().isEmpty()
                ? DescribeConfigsHandler.refused(Refusal.invalid("Group name must not be empty"))
                : found(asked, resolver(metadata.image()).describeGroup(asked.resourceName()), synonyms, documentation);
    }

    private DescribeConfigsResult clientMetrics(
            DescribeConfigsResource asked, boolean synonyms, boolean documentation) {
        return asked.resourceName().isEmpty()
                ? DescribeConfigsHandler.refused(Refusal.invalid("Client metrics subscription name must not be empty"))
                : found(
                        asked,
                        resolver(metadata.image()).describeClientMetrics(asked.resourceName()),
                        synonyms,
                        documentation);
    }

    private ConfigResolver resolver(MetadataImage image) {
        return new ConfigResolver(image, broker.staticConfig(), broker.nodeId());
    }

    private static boolean isWanted(DescribeConfigsResource asked, String name) {
        List<String> wanted = asked.configurationKeys();
        return wanted == null || wanted.isEmpty() || wanted.contains(name);
    }

    private static DescribeConfigsResult found(
            DescribeConfigsResource asked, List<ResolvedConfig> configs, boolean synonyms, boolean documentation) {
        List<DescribeConfigsResourceResult> results = new ArrayList<>(configs.size());
        for (ResolvedConfig config : configs) {
            if (isWanted(asked, config.name())) {
                DescribeConfigsResourceResult result = new DescribeConfigsResourceResult()
                        .setName(config.name())
                        .setValue(config.sensitive() ? null : config.value())
                        .setReadOnly(config.readOnly())
                        .setConfigSource(config.source().code())
                        .setIsSensitive(config.sensitive())
                        .setConfigType(config.key().type().code())
                        .setDocumentation(documentation ? config.key().documentation() : null);
                results.add(synonyms ? result.setSynonyms(encode(config.synonyms())) : result);
            }
        }
        return DescribeConfigsHandler.found(results);
    }

    private static List<DescribeConfigsSynonym> encode(List<ConfigSynonym> synonyms) {
        List<DescribeConfigsSynonym> encoded = new ArrayList<>(synonyms.size());
        for (ConfigSynonym synonym : synonyms) {
            encoded.add(new DescribeConfigsSynonym()
                    .setName(synonym.name())
                    .setValue(synonym.value())
                    .setSource(synonym.source().code()));
        }
        return encoded;
    }
}

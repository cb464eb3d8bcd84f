package io.sluice.handlers.admin;

import io.sluice.broker.api.Broker;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.config.ConfigResolver;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a broker checks of configuration changes before the controller does: their form, which broker they are for, the
 * asker's rights, that nobody alters a topic's engine, and all about loggers. Keys and values are checked by the controller.
 */
final class ConfigChangeCheck {
    private final MetadataSource metadata;
    private final Broker broker;
    private final BrokerLoggers loggers;

    ConfigChangeCheck(MetadataSource metadata, Broker broker, BrokerLoggers loggers) {
        this.metadata = metadata;
        this.broker = broker;
        this.loggers = loggers;
    }

    /** For each change why it is refused, or null. */
    List<@Nullable Refusal> check(Request request, List<ConfigChange> changes) {
        Set<ConfigResourceName> seen = new HashSet<>();
        Set<ConfigResourceName> repeated = new HashSet<>();
        for (ConfigChange change : changes) {
            ConfigResourceName name = new ConfigResourceName(change.type(), change.name());
            if (!seen.add(name)) {
                repeated.add(name);
            }
        }
        List<@Nullable Refusal> refusals = new ArrayList<>(changes.size());
        for (ConfigChange change : changes) {
            refusals.add(
                    repeated.contains(new ConfigResourceName(change.type(), change.name()))
                            ? Refusal.invalid("Each resource must appear at most once.")
                            : refusal(request, change));
        }
        return refusals;
    }

    private record ConfigResourceName(byte type, String name) {}

    private @Nullable Refusal refusal(Request request, ConfigChange change) {
        Refusal refusal = formRefusal(change);
        ConfigResource.Type type = change.knownType();
        if (refusal == null && type == null) {
            refusal = Refusal.invalid("Unknown resource type " + change.type());
        }
        if (refusal == null
                && (type == ConfigResource.Type.BROKER && !change.name().isEmpty()
                        || type == ConfigResource.Type.BROKER_LOGGER)) {
            refusal = BrokerName.refusal(change.name(), broker.nodeId());
        }
        if (refusal == null) {
            ConfigRights rights = ConfigRights.of(change.type(), change.name());
            refusal = request.mayDo(Operation.ALTER_CONFIGS, rights.resource()) ? null : Refusal.of(rights.refusal());
        }
        if (refusal == null && type == ConfigResource.Type.BROKER_LOGGER) {
            refusal = loggers.refusal(change);
        }
        if (refusal == null && type == ConfigResource.Type.TOPIC) {
            refusal = engineRefusal(change);
        }
        return refusal;
    }

    private static @Nullable Refusal formRefusal(ConfigChange change) {
        Set<String> names = new HashSet<>();
        List<String> withoutValue = new ArrayList<>();
        for (ConfigChange.Entry entry : change.entries()) {
            if (!names.add(entry.name())) {
                return Refusal.invalid("Error due to duplicate config keys");
            }
            if (entry.operation() != ConfigChange.DELETE && entry.value() == null) {
                withoutValue.add(entry.name());
            }
        }
        return withoutValue.isEmpty()
                ? null
                : Refusal.invalid("Null value not supported for : " + String.join(", ", withoutValue));
    }

    /** To set what is set already is no change. */
    private @Nullable Refusal engineRefusal(ConfigChange change) {
        for (ConfigChange.Entry entry : change.entries()) {
            if (entry.name().equals(StorageEngineKey.NAME)) {
                boolean same = entry.operation() == ConfigChange.SET
                        && entry.value() != null
                        && entry.value().equals(engineOf(change.name()));
                return same ? null : StorageEngineKey.refusalToAlter();
            }
        }
        return abilityRefusal(change);
    }

    private @Nullable Refusal abilityRefusal(ConfigChange change) {
        Map<String, String> wanted = new LinkedHashMap<>();
        for (ConfigChange.Entry entry : change.entries()) {
            String value = entry.value();
            boolean adds = entry.operation() == ConfigChange.SET || entry.operation() == ConfigChange.APPEND;
            if (adds && value != null) {
                wanted.put(entry.name(), value);
            }
        }
        String engine = wanted.isEmpty() ? null : engineOf(change.name());
        return engine == null ? null : StorageEngineKey.refusalToConfigure(broker, engine, wanted);
    }

    private @Nullable String engineOf(String topic) {
        return new ConfigResolver(metadata.image(), broker.staticConfig(), broker.nodeId())
                .topic(topic)
                .get(StorageEngineKey.NAME);
    }
}

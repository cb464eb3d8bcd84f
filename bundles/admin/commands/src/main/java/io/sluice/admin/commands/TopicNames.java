package io.sluice.admin.commands;

import io.sluice.admin.api.CommandException;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.TopicImage;
import java.util.List;

/** Finds topics by name, for commands and for completion. */
final class TopicNames {
    private final BrokerAccess access;

    TopicNames(BrokerAccess access) {
        this.access = access;
    }

    TopicImage require(String name) throws CommandException {
        MetadataImage image = access.image();
        TopicImage topic = image.topic(name);
        if (topic == null) {
            throw new CommandException(1, "there is no topic " + name + "; topic:create " + name + " makes it");
        }
        return topic;
    }

    List<String> complete() {
        MetadataSource source = access.metadata.get();
        return source == null
                ? List.of()
                : source.image().topics().stream()
                        .map(TopicImage::name)
                        .sorted()
                        .toList();
    }

    /** Names of topics as the first argument. */
    List<String> first(List<String> words) {
        return words.isEmpty() ? complete() : List.of();
    }
}

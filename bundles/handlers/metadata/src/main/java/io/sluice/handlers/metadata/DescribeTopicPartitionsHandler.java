package io.sluice.handlers.metadata;

import io.sluice.broker.api.Broker;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.protocol.ApiKey;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** DescribeTopicPartitions (API 75): topics and partitions, page by page (KIP-966). */
@Component(service = ApiHandler.class)
public final class DescribeTopicPartitionsHandler implements ApiHandler {
    private final TopicPartitionPages pages;

    @Activate
    public DescribeTopicPartitionsHandler(@Reference MetadataSource metadata, @Reference Broker broker) {
        this.pages = new TopicPartitionPages(metadata, broker);
    }

    @Override
    public ApiKey api() {
        return ApiKey.DESCRIBE_TOPIC_PARTITIONS;
    }

    @Override
    public void handle(Request request) {
        pages.answer(request);
    }
}

package io.sluice.cluster.controller;

import io.sluice.cluster.api.MetadataDelta;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataListener;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.image.ClusterImage;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds the committed image and tells its listeners of each new one, in order and one at a time. */
final class ImagePublisher implements MetadataSource {
    private static final Logger LOG = LoggerFactory.getLogger(ImagePublisher.class);

    private final List<MetadataListener> listeners = new CopyOnWriteArrayList<>();
    private volatile ClusterImage image = ClusterImage.EMPTY;

    @Override
    public MetadataImage image() {
        return image;
    }

    @Override
    public synchronized Subscription subscribe(MetadataListener listener) {
        listener.changed(image.asDelta(), image);
        listeners.add(listener);
        return () -> unsubscribe(listener);
    }

    private synchronized void unsubscribe(MetadataListener listener) {
        listeners.remove(listener);
    }

    /** Called by one thread at a time. */
    synchronized void publish(MetadataDelta delta, ClusterImage next) {
        image = next;
        for (MetadataListener listener : listeners) {
            try {
                if (listeners.contains(listener)) {
                    listener.changed(delta, next);
                }
            } catch (RuntimeException e) {
                LOG.error("A listener failed on the metadata at offset {}", next.offset(), e);
            }
        }
    }
}

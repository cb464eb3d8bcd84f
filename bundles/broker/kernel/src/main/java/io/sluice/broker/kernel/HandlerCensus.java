package io.sluice.broker.kernel;

import io.sluice.request.api.ApiHandler;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the handlers that the running bundles declare, registered or not yet, by their component descriptions. */
final class HandlerCensus {
    private static final Logger LOG = LoggerFactory.getLogger(HandlerCensus.class);
    private static final String PROVIDES = "interface=\"" + ApiHandler.class.getName() + "\"";
    private static final Map<String, Integer> COUNTED = new ConcurrentHashMap<>();

    private HandlerCensus() {}

    static int count(BundleContext context) {
        int count = 0;
        for (Bundle bundle : context.getBundles()) {
            String descriptions = bundle.getHeaders("").get("Service-Component");
            if (descriptions != null && isRunning(bundle)) {
                count += COUNTED.computeIfAbsent(
                        bundle.getSymbolicName() + ":" + bundle.getVersion() + ":" + bundle.getLastModified(),
                        key -> count(bundle, descriptions));
            }
        }
        return count;
    }

    private static boolean isRunning(Bundle bundle) {
        return bundle.getState() == Bundle.ACTIVE || bundle.getState() == Bundle.STARTING;
    }

    private static int count(Bundle bundle, String descriptions) {
        int count = 0;
        for (String path : descriptions.split(",")) {
            URL description = bundle.getEntry(path.trim());
            if (description == null) {
                continue;
            }
            try (InputStream in = description.openStream()) {
                if (new String(in.readAllBytes(), StandardCharsets.UTF_8).contains(PROVIDES)) {
                    count++;
                }
            } catch (IOException e) {
                LOG.warn("the component description {} of {} cannot be read", path, bundle.getSymbolicName(), e);
            }
        }
        return count;
    }
}

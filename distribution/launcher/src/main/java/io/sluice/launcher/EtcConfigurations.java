package io.sluice.launcher;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * Puts the configurations of {@code etc/} into ConfigAdmin before the bundles start that they are for, so that no component
 * is activated twice. The class loader of the launcher does not see ConfigAdmin's package, so it is called by reflection.
 *
 * <p>A configuration made here carries its file's PID in the property {@code sluice.etc}; when the file is gone, it goes too.
 */
final class EtcConfigurations {
    private static final String ADMIN = "org.osgi.service.cm.ConfigurationAdmin";
    private static final String CONFIGURATION = "org.osgi.service.cm.Configuration";
    private static final String MARK = "sluice.etc";
    private static final String ANYWHERE = "?";

    private EtcConfigurations() {}

    static void apply(BundleContext context, Map<String, Map<String, String>> byPid) throws RefusedException {
        ServiceReference<?> reference = context.getServiceReference(ADMIN);
        if (reference == null) {
            throw new RefusedException(1, "The container has no configuration service, which etc/ needs");
        }
        try {
            Object admin = context.getService(reference);
            removeGone(admin, byPid.keySet());
            for (Map.Entry<String, Map<String, String>> entry : byPid.entrySet()) {
                put(admin, entry.getKey(), entry.getValue());
            }
        } catch (ReflectiveOperationException e) {
            Throwable cause = e instanceof InvocationTargetException && e.getCause() != null ? e.getCause() : e;
            throw new RefusedException(1, "The configurations of etc/ could not be applied: " + cause.getMessage());
        } finally {
            context.ungetService(reference);
        }
    }

    private static void removeGone(Object admin, Set<String> pids) throws ReflectiveOperationException {
        Object marked = method(admin, ADMIN, "listConfigurations", String.class).invoke(admin, "(" + MARK + "=*)");
        if (marked == null) {
            return;
        }
        for (Object configuration : (Object[]) marked) {
            Dictionary<?, ?> properties = properties(configuration);
            if (properties == null || !pids.contains(properties.get(MARK))) {
                method(configuration, CONFIGURATION, "delete").invoke(configuration);
            }
        }
    }

    private static void put(Object admin, String pid, Map<String, String> values) throws ReflectiveOperationException {
        int tilde = pid.indexOf('~');
        Object configuration = tilde < 0
                ? method(admin, ADMIN, "getConfiguration", String.class, String.class)
                        .invoke(admin, pid, ANYWHERE)
                : method(admin, ADMIN, "getFactoryConfiguration", String.class, String.class, String.class)
                        .invoke(admin, pid.substring(0, tilde), pid.substring(tilde + 1), ANYWHERE);
        Dictionary<String, Object> properties = new Hashtable<>(values);
        properties.put(MARK, pid);
        method(configuration, CONFIGURATION, "updateIfDifferent", Dictionary.class)
                .invoke(configuration, properties);
    }

    private static @Nullable Dictionary<?, ?> properties(Object configuration) throws ReflectiveOperationException {
        return (Dictionary<?, ?>)
                method(configuration, CONFIGURATION, "getProperties").invoke(configuration);
    }

    /** The method of an interface: the class that implements it is nobody's business. */
    private static Method method(Object target, String type, String name, Class<?>... parameters)
            throws ReflectiveOperationException {
        return target.getClass().getClassLoader().loadClass(type).getMethod(name, parameters);
    }
}

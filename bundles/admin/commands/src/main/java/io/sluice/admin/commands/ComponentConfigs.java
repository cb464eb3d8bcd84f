package io.sluice.admin.commands;

import io.sluice.admin.api.CommandException;
import io.sluice.broker.api.PartRegistries;
import io.sluice.broker.api.PartRegistries.Part;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/**
 * Configurations of components by PID. A change under which a component fails to start is taken back; one that holds is kept
 * in {@code etc/}. Any thread.
 */
final class ComponentConfigs {
    private static final List<String> NOT_FOR_PEOPLE = List.of("service.pid", "service.factoryPid", EtcFolder.MARK);
    private static final int LOOKS = 25;
    private static final int LOOKS_MAX = 300;
    private static final long LOOK_MS = 20;

    private final ServiceSlot<ConfigurationAdmin> admin;
    private final Supplier<@Nullable ServiceComponentRuntime> components;
    private final ServiceSlot<PartRegistries> parts;
    private final EtcFolder etc;

    ComponentConfigs(
            ServiceSlot<ConfigurationAdmin> admin,
            Supplier<@Nullable ServiceComponentRuntime> components,
            ServiceSlot<PartRegistries> parts,
            EtcFolder etc) {
        this.parts = parts;
        this.admin = admin;
        this.components = components;
        this.etc = etc;
    }

    /** PIDs that have a configuration. */
    List<String> complete() {
        ConfigurationAdmin service = admin.get();
        if (service == null) {
            return List.of();
        }
        try {
            Configuration[] all = service.listConfigurations(null);
            return all == null
                    ? List.of()
                    : Arrays.stream(all).map(Configuration::getPid).sorted().toList();
        } catch (IOException | InvalidSyntaxException e) {
            return List.of(); // completion offers nothing; config:get tells why
        }
    }

    boolean isPid(String name) {
        return complete().contains(name) || description(name) != null;
    }

    private @Nullable ComponentDescriptionDTO description(String pid) {
        ServiceComponentRuntime runtime = components.get();
        int tilde = pid.indexOf('~');
        String wanted = tilde < 0 ? pid : pid.substring(0, tilde);
        return runtime == null
                ? null
                : runtime.getComponentDescriptionDTOs().stream()
                        .filter(description ->
                                Arrays.asList(description.configurationPid).contains(wanted))
                        .findFirst()
                        .orElse(null);
    }

    Map<String, Object> properties(String pid) throws CommandException, IOException {
        Map<String, Object> values = new TreeMap<>();
        Dictionary<String, Object> properties = configuration(pid).getProperties();
        if (properties != null) {
            Collections.list(properties.keys()).forEach(key -> values.put(key, plain(properties.get(key))));
            values.keySet().removeAll(NOT_FOR_PEOPLE);
        }
        return values;
    }

    private static Object plain(Object value) {
        return value instanceof Object[] array ? Arrays.asList(array) : value;
    }

    void set(String pid, Map<String, String> changes) throws CommandException, IOException {
        if (!isPid(pid)) {
            throw new CommandException(1, "no component has the PID " + pid + "; scr:list shows them");
        }
        Configuration configuration = configuration(pid);
        Dictionary<String, Object> before = configuration.getProperties();
        Dictionary<String, Object> after = copy(before);
        changes.forEach(after::put);
        after.put(EtcFolder.MARK, pid);
        change(configuration, before, after);
        etc.set(pid, changes);
    }

    /** Makes the values of {@code etc/} hold; what holds already is left alone, and none at all take the configuration away. */
    void apply(String pid, Map<String, String> values) throws CommandException, IOException {
        if (!isPid(pid)) {
            throw new CommandException(1, "no component has the PID " + pid + "; scr:list shows them");
        }
        if (values.equals(properties(pid))) {
            return;
        }
        Configuration configuration = configuration(pid);
        if (values.isEmpty()) {
            configuration.delete();
            return;
        }
        Dictionary<String, Object> after = new Hashtable<>(values);
        after.put(EtcFolder.MARK, pid);
        change(configuration, configuration.getProperties(), after);
    }

    /** Without keys the whole configuration goes. */
    void delete(String pid, List<String> keys) throws CommandException, IOException {
        Configuration configuration = configuration(pid);
        Dictionary<String, Object> before = configuration.getProperties();
        if (keys.isEmpty()) {
            configuration.delete();
            etc.delete(pid);
            return;
        }
        Dictionary<String, Object> after = copy(before);
        keys.forEach(after::remove);
        change(configuration, before, after);
        etc.remove(pid, keys);
    }

    private void change(
            Configuration configuration, @Nullable Dictionary<String, Object> before, Dictionary<String, Object> after)
            throws CommandException, IOException {
        configuration.update(after);
        String failure = failure(configuration.getPid());
        if (failure == null) {
            return;
        }
        if (before == null) {
            configuration.delete();
        } else {
            configuration.update(before);
        }
        throw new CommandException(1, "the change was refused and the old values hold, because " + failure);
    }

    /** Configuration Admin tells components on a thread of its own: looks for half a second, and longer while a part of the bundle is being opened anew. */
    private @Nullable String failure(String pid) {
        ServiceComponentRuntime runtime = components.get();
        ComponentDescriptionDTO description = description(pid);
        if (runtime == null || description == null) {
            return null;
        }
        for (int look = 0; look < LOOKS || look < LOOKS_MAX && !settled(description); look++) {
            for (ComponentConfigurationDTO component : runtime.getComponentConfigurationDTOs(description)) {
                if (component.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
                    return FailureText.of(component.failure);
                }
            }
            String unopened = unopened(description);
            if (unopened != null) {
                return unopened;
            }
            pause();
        }
        return null;
    }

    /** The parts of the component's bundle, as the kernel has them. */
    private List<Part> partsOf(ComponentDescriptionDTO description) {
        PartRegistries registries = parts.get();
        return registries == null
                ? List.of()
                : registries.parts().stream()
                        .filter(part -> part.bundle().equals(description.bundle.symbolicName))
                        .toList();
    }

    private boolean settled(ComponentDescriptionDTO description) {
        return partsOf(description).stream().allMatch(part -> part.state().equals("Open"));
    }

    private @Nullable String unopened(ComponentDescriptionDTO description) {
        return partsOf(description).stream()
                .filter(part -> part.state().equals("Failed"))
                .map(part -> part.kind() + " " + part.name() + " did not open: " + part.reason())
                .findFirst()
                .orElse(null);
    }

    private static void pause() {
        try {
            new CountDownLatch(1).await(LOOK_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Dictionary<String, Object> copy(@Nullable Dictionary<String, Object> properties) {
        Dictionary<String, Object> copy = new Hashtable<>();
        if (properties != null) {
            Collections.list(properties.keys()).forEach(key -> copy.put(key, properties.get(key)));
        }
        return copy;
    }

    private Configuration configuration(String pid) throws CommandException, IOException {
        ConfigurationAdmin service = admin.get();
        if (service == null) {
            throw new CommandException(
                    1, "the configuration service is not there; bundle:start org.apache.felix.configadmin");
        }
        int tilde = pid.indexOf('~');
        return tilde < 0
                ? service.getConfiguration(pid, "?")
                : service.getFactoryConfiguration(pid.substring(0, tilde), pid.substring(tilde + 1), "?");
    }
}

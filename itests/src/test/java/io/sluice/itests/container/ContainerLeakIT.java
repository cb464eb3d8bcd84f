package io.sluice.itests.container;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.sluice.itests.Proof;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/** A part that was updated or uninstalled leaves nothing behind: no class loader, thread, MBean or shutdown hook. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ContainerLeakIT {
    private static final List<String> PROVIDERS = List.of(
            "io.sluice.storage.segment",
            "io.sluice.storage.memory",
            "io.sluice.storage.mapdb",
            "io.sluice.transport.mina",
            "io.sluice.transport.loopback",
            "io.sluice.replication.local",
            "io.sluice.security.open",
            "io.sluice.handlers.produce",
            "io.sluice.handlers.fetch",
            "io.sluice.handlers.metadata",
            "io.sluice.handlers.admin",
            "io.sluice.handlers.telemetry",
            "io.sluice.coordinator.group");

    private static final long COLLECTED_MS = 30_000L;
    private static final long LOOK_MS = 100L;

    @Configuration
    public static Option[] options() {
        return new Option[] {StandardFeature.broker("leaks")};
    }

    @Test
    public void shouldLeaveNothingBehindWhenAPartIsUpdatedOrUninstalled() throws Exception {
        Container container = Container.ofReadyBroker();
        Exercise exercise = new Exercise(container);
        exercise.createTopics();
        exercise.run();
        Set<String> beans = beans();
        Set<String> hooks = hooks();
        assertFalse(
                "threads of the transport are known by name",
                threads("io.sluice.transport.mina").isEmpty());

        for (String name : PROVIDERS) {
            WeakReference<ClassLoader> old = update(container, name);
            exercise.run();
            assertNotEquals(old.get(), loader(container.bundle(name)).get());
            assertCollected(name + " after an update", old);
        }
        assertEquals("MBeans after the updates", beans, beans());
        assertEquals("shutdown hooks after the updates", hooks, hooks());

        for (String name : PROVIDERS) {
            WeakReference<ClassLoader> old = uninstall(container, name);
            assertCollected(name + " after it was uninstalled", old);
            assertEquals("threads of " + name, Set.of(), threads(name));
        }
        assertEquals("MBeans at the end", beans, beans());
        assertEquals("shutdown hooks at the end", hooks, hooks());
        Proof.named("leaks")
                .with("parts", PROVIDERS.size())
                .with("loaders_left", 0)
                .with("threads_left", 0)
                .print();
    }

    private static WeakReference<ClassLoader> update(Container container, String name) throws Exception {
        Bundle bundle = container.bundle(name);
        WeakReference<ClassLoader> loader = loader(bundle);
        Path jar = Path.of(URI.create(bundle.getLocation()));
        try (InputStream content = Files.newInputStream(jar)) {
            bundle.update(content);
        }
        refresh(container, bundle);
        assertEquals(Bundle.ACTIVE, bundle.getState());
        return loader;
    }

    private static WeakReference<ClassLoader> uninstall(Container container, String name) throws Exception {
        Bundle bundle = container.bundle(name);
        WeakReference<ClassLoader> loader = loader(bundle);
        bundle.uninstall();
        refresh(container, bundle);
        return loader;
    }

    private static WeakReference<ClassLoader> loader(Bundle bundle) {
        return new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader());
    }

    private static void refresh(Container container, Bundle bundle) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        container
                .context()
                .getBundle(Constants.SYSTEM_BUNDLE_LOCATION)
                .adapt(FrameworkWiring.class)
                .refreshBundles(List.of(bundle), event -> done.countDown());
        assertTrue("the framework wired anew", done.await(COLLECTED_MS, TimeUnit.MILLISECONDS));
    }

    private static void assertCollected(String what, WeakReference<ClassLoader> loader) throws InterruptedException {
        ReferenceQueue<Object> collections = new ReferenceQueue<>();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(COLLECTED_MS);
        while (loader.get() != null && System.nanoTime() < end) {
            WeakReference<Object> marker = new WeakReference<>(new Object(), collections);
            System.gc();
            collections.remove(LOOK_MS);
            assertNull("a collection took place", marker.get());
        }
        assertNull("the class loader of " + what, loader.get());
    }

    /** Names of threads that run code of the bundle. */
    private static Set<String> threads(String bundle) {
        Set<String> names = new TreeSet<>();
        for (Map.Entry<Thread, StackTraceElement[]> entry :
                Thread.getAllStackTraces().entrySet()) {
            for (StackTraceElement frame : entry.getValue()) {
                if (frame.getClassName().startsWith(bundle + ".")) {
                    names.add(entry.getKey().getName());
                }
            }
        }
        return names;
    }

    private static Set<String> beans() {
        Set<String> names = new TreeSet<>();
        ManagementFactory.getPlatformMBeanServer()
                .queryNames(null, null)
                .forEach(name -> names.add(name.getCanonicalName()));
        return names;
    }

    private static Set<String> hooks() throws ReflectiveOperationException {
        Field field = Class.forName("java.lang.ApplicationShutdownHooks").getDeclaredField("hooks");
        field.setAccessible(true);
        Set<String> names = new HashSet<>();
        for (Object hook : ((Map<?, ?>) field.get(null)).keySet()) {
            names.add(hook.getClass().getName() + " " + hook);
        }
        return names;
    }
}

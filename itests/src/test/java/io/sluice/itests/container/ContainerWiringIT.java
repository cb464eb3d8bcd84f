package io.sluice.itests.container;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.itests.Proof;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** The features of the distribution in a container of their own: everything resolves, starts, and sees only what it may. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ContainerWiringIT {
    /** What a provider may import from: what all have in common, and the APIs. */
    private static final Pattern COMMON =
            Pattern.compile("io\\.sluice\\.(base|protocol|coordinator\\.runtime|([a-z]+\\.)+api)");

    private static final Pattern PROVIDER = Pattern.compile(
            "io\\.sluice\\.(storage|transport|replication|security|handlers|coordinator|cluster)\\.(?!api$|runtime$).*");

    private Container container;

    @Configuration
    public static Option[] options() {
        return new Option[] {StandardFeature.broker("wiring")};
    }

    @Before
    public void awaitBroker() throws Exception {
        container = Container.ofReadyBroker();
    }

    @Test
    public void shouldResolveAndStartEveryBundle() {
        List<String> amiss = new ArrayList<>();
        for (Bundle bundle : container.context().getBundles()) {
            int wanted = Container.isFragment(bundle) ? Bundle.RESOLVED : Bundle.ACTIVE;
            if (bundle.getState() != wanted) {
                amiss.add(bundle + " is in state " + bundle.getState());
            }
        }
        assertEquals(List.of(), amiss);
        assertTrue(
                "there are " + container.ours().size() + " bundles of ours",
                container.ours().size() > 20);
        Proof.named("wiring")
                .with("bundles", container.context().getBundles().length)
                .with("of_ours", container.ours().size())
                .with("amiss", amiss.size())
                .print();
    }

    @Test
    public void shouldSatisfyEveryComponent() {
        ServiceReference<ServiceComponentRuntime> reference =
                container.context().getServiceReference(ServiceComponentRuntime.class);
        ServiceComponentRuntime runtime = container.context().getService(reference);
        List<String> amiss = new ArrayList<>();
        int components = 0;
        for (ComponentDescriptionDTO description : runtime.getComponentDescriptionDTOs()) {
            components++;
            if (!runtime.isComponentEnabled(description)) {
                amiss.add(description.name + " is disabled");
            }
            var configurations = runtime.getComponentConfigurationDTOs(description);
            if (configurations.isEmpty()) {
                amiss.add(description.name + " has no configuration");
            }
            for (ComponentConfigurationDTO configuration : configurations) {
                if (configuration.state != ComponentConfigurationDTO.ACTIVE
                        && configuration.state != ComponentConfigurationDTO.SATISFIED) {
                    amiss.add(description.name + " is in state " + configuration.state + ": " + configuration.failure
                            + Arrays.toString(configuration.unsatisfiedReferences));
                }
            }
        }
        assertEquals(List.of(), amiss);
        assertTrue("there are " + components + " components", components > 20);
    }

    @Test
    public void shouldRegisterTheServicesOfEverySpi() throws Exception {
        assertEquals(
                "[mapdb, memory, segment]", types("io.sluice.storage.api.StorageEngineFactory", "storage.engine.type"));
        assertEquals("[loopback, mina]", types("io.sluice.transport.api.TransportFactory", "transport.type"));
        assertEquals("[local]", types("io.sluice.replication.api.ReplicationStrategyFactory", "replication.type"));
        assertEquals("[open]", types("io.sluice.security.api.AuthenticatorFactory", "authenticator.type"));
        assertEquals("[open]", types("io.sluice.security.api.AuthorizerFactory", "authorizer.type"));
        for (String service : List.of(
                "io.sluice.cluster.api.ConsensusLogFactory",
                "io.sluice.cluster.api.ControllerFactory",
                "io.sluice.cluster.api.Controller",
                "io.sluice.cluster.api.MetadataSource",
                "io.sluice.broker.api.Broker",
                "io.sluice.broker.api.Partitions",
                "io.sluice.broker.api.PartRegistries",
                "io.sluice.broker.api.LocalClient")) {
            assertEquals(service, 1, references(service).size());
        }
        int handlers = references("io.sluice.request.api.ApiHandler").size();
        assertTrue(handlers + " handlers", handlers >= 25);
        assertTrue(references("io.sluice.admin.api.Command").size() > 40);
    }

    private String types(String service, String property) throws InvalidSyntaxException {
        TreeSet<String> types = new TreeSet<>();
        for (ServiceReference<?> reference : references(service)) {
            types.add(String.valueOf(reference.getProperty(property)));
        }
        return types.toString();
    }

    private List<ServiceReference<?>> references(String service) throws InvalidSyntaxException {
        ServiceReference<?>[] all = container.context().getAllServiceReferences(service, null);
        return all == null ? List.of() : Arrays.asList(all);
    }

    @Test
    public void shouldLetNoProviderSeeAnother() {
        List<String> amiss = new ArrayList<>();
        int providers = 0;
        for (Bundle bundle : container.ours()) {
            String name = bundle.getSymbolicName();
            if (!PROVIDER.matcher(name).matches()) {
                continue;
            }
            providers++;
            BundleWiring wiring = bundle.adapt(BundleWiring.class);
            wiring.getCapabilities(PackageNamespace.PACKAGE_NAMESPACE)
                    .forEach(exported -> amiss.add(name + " exports " + exported.getAttributes()));
            for (BundleWire wire : wiring.getRequiredWires(null)) {
                String other = wire.getProvider().getSymbolicName();
                boolean ours = other.startsWith("io.sluice.") && !other.equals(name);
                if (ours && !COMMON.matcher(other).matches()) {
                    amiss.add(name + " hangs on " + other + " by " + wire.getRequirement());
                }
            }
        }
        assertEquals(List.of(), amiss);
        assertTrue("there are " + providers + " providers", providers >= 12);
    }

    @Test
    public void shouldLetNothingHangOnAProvider() {
        for (Bundle bundle : container.ours()) {
            if (PROVIDER.matcher(bundle.getSymbolicName()).matches()) {
                BundleWiring wiring = bundle.adapt(BundleWiring.class);
                assertFalse(
                        bundle + " has users",
                        wiring.getProvidedWires(PackageNamespace.PACKAGE_NAMESPACE).stream()
                                .anyMatch(wire -> true));
            }
        }
    }
}

package io.sluice.transport.mina;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.transport.api.ListenerConfig;
import io.sluice.transport.api.Transport;
import io.sluice.transport.api.TransportFactory;
import io.sluice.transport.kit.BoundSocket;
import io.sluice.transport.kit.Frames;
import io.sluice.transport.kit.RecordingHandler;
import io.sluice.transport.kit.SocketPeer;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Versions of the transport come and go while MINA's classes stay, as in the container. */
final class ReplacementTest {
    private static final ListenerConfig LISTENER = ListenerConfig.of("TEST", "127.0.0.1", 0);

    /** Loads the transport itself instead of leaving that to the loader of MINA. */
    private static final class Version extends URLClassLoader {
        Version() {
            super(
                    new URL[] {
                        MinaTransportFactory.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                    },
                    ReplacementTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("io.sluice.transport.mina.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : findClass(name);
            }
        }
    }

    @Test
    void shouldLeaveNothingInMemoryThatKeepsItsClasses() throws Exception {
        try (BoundSocket socket = new BoundSocket(LISTENER)) {
            WeakReference<ClassLoader> gone = useOnce(socket);

            await().untilAsserted(() -> {
                System.gc();
                assertThat(gone.get()).isNull();
            });
            assertThat(socket.channel().isOpen()).isTrue();
        }
    }

    private static WeakReference<ClassLoader> useOnce(BoundSocket socket)
            throws IOException, ReflectiveOperationException {
        try (Version version = new Version()) {
            TransportFactory factory = (TransportFactory) version.loadClass(MinaTransportFactory.class.getName())
                    .getConstructor()
                    .newInstance();
            assertThat(factory.getClass()).isNotEqualTo(MinaTransportFactory.class);
            RecordingHandler handler = new RecordingHandler();
            AtomicReference<ClassLoader> inherited = new AtomicReference<>();
            handler.react((link, frame) -> {
                inherited.set(Thread.currentThread().getContextClassLoader());
                link.connection().send(Frames.answer(frame));
            });
            Transport transport = factory.open(LISTENER, socket, handler);
            try (SocketPeer peer = SocketPeer.connect(transport.address())) {
                peer.write(Frames.framed(new byte[500_000]));
                assertThat(Frames.read(peer)).hasSize(500_000);
            }
            assertThat(inherited.get()).isSameAs(ClassLoader.getSystemClassLoader());
            transport.stopReading();
            transport.close(1_000L);
            return new WeakReference<>(version);
        }
    }
}
